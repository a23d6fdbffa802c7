"""What every Warta service stands on: events, delivery, settings, telemetry, the command line."""

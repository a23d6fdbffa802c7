"""What every test may use; servers come from fixtures_servers.py."""

pytest_plugins = ["fixtures_servers"]

"""Run the ingest service: `python -m warta_ingest`."""

from warta_ingest.app import build_service
from warta_ingest.settings import IngestSettings
from warta_shared.launch import launch

if __name__ == "__main__":  # the parser pool's processes import this module too
    raise SystemExit(launch("ingest", IngestSettings, build_service))

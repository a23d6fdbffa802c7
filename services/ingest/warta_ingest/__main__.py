"""Run the ingest service: `python -m warta_ingest`."""

from warta_ingest.app import build_service
from warta_ingest.settings import IngestSettings

raise SystemExit(build_service(IngestSettings()).run())

"""Run the enrich service: `python -m warta_enrich`."""

from warta_enrich.app import build_service
from warta_enrich.settings import EnrichSettings

raise SystemExit(build_service(EnrichSettings()).run())

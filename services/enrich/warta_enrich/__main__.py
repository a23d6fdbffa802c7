"""Run the enrich service: `python -m warta_enrich`."""

from warta_enrich.app import build_service
from warta_enrich.settings import EnrichSettings
from warta_shared.launch import launch

if __name__ == "__main__":  # the parser pool's processes import this module too
    raise SystemExit(launch("enrich", EnrichSettings, build_service))

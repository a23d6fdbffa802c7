"""Run the index service: `python -m warta_index`."""

from warta_index.app import build_service
from warta_index.settings import IndexSettings
from warta_shared.launch import launch

if __name__ == "__main__":  # the parser pool's processes import this module too
    raise SystemExit(launch("index", IndexSettings, build_service))

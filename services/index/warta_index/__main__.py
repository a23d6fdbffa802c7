"""Run the index service: `python -m warta_index`."""

from warta_index.app import build_service
from warta_index.settings import IndexSettings

raise SystemExit(build_service(IndexSettings()).run())

"""Logs: one JSON object a line on standard error; no bodies, no secrets."""

from __future__ import annotations

import logging
import sys

from pythonjsonlogger.orjson import OrjsonFormatter

QUIET = ("httpx", "httpcore", "elastic_transport", "uvicorn.access", "faststream", "trafilatura", "htmldate")


def configure_logs(service: str, level: str) -> None:
    """Send every logger's records to standard error as JSON, with the service's name."""
    formatter = OrjsonFormatter(
        "%(asctime)s %(levelname)s %(name)s %(message)s",
        rename_fields={"asctime": "time", "levelname": "level", "name": "logger", "message": "event"},
        static_fields={"service": service},
        datefmt="%Y-%m-%dT%H:%M:%S%z",
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)

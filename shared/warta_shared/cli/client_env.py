"""Which Warta a command speaks to: the environment, else the local stack that is running here."""

from __future__ import annotations

import os
from pathlib import Path

from dotenv import dotenv_values

LOCAL_DIR = "WARTA_LOCAL_DIR"
FILE_NAME = "client.env"


def local_dir() -> Path:
    """The folder of the local stack: $WARTA_LOCAL_DIR, else warta/local in the user's data folder."""
    if chosen := os.environ.get(LOCAL_DIR):
        return Path(chosen)
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "warta" / "local"


def adopt(env_file: Path | None) -> None:
    """Take WARTA_* variables from a file; what the environment already says stays.

    Without a file named, the local stack's is used if it exists and the environment names no server itself.
    """
    if env_file is None:
        if any(
            name in os.environ for name in ("WARTA_REDIS_URL", "WARTA_ELASTICSEARCH_URL", "WARTA_INGEST_URL")
        ):
            return
        env_file = local_dir() / FILE_NAME
        if not env_file.is_file():
            return
    for name, value in dotenv_values(env_file).items():
        if name.startswith("WARTA_") and value is not None:
            os.environ.setdefault(name, value)

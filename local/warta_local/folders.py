"""Where downloads and data are kept: the customary folders of each system."""

from __future__ import annotations

import contextlib
import fcntl
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console

from warta_local.processes.account import Account

# For root, whose own folders are closed to the user that a server runs as (FHS 3.0, 5.5 and 5.8).
SHARED_CACHE = Path("/var/cache/warta")
SHARED_DATA = Path("/var/lib/warta")
OPEN_FOLDER = 0o755


def cache_folder(account: Account) -> Path:
    """The folder for what was downloaded, made if missing; one that `account` can read."""
    own = _customary_cache() / "warta"
    folder = own if account.closed_folder(own) is None else SHARED_CACHE
    folder.mkdir(parents=True, exist_ok=True)
    if not account.is_us:
        folder.chmod(OPEN_FOLDER)
    return folder


@contextlib.contextmanager
def locked(folder: Path, console: Console) -> Iterator[None]:
    """Only one process at a time prepares something in `folder`; the others wait and then find it done."""
    with (folder / "lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            console.print("waiting for another process that prepares Elasticsearch")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _customary_cache() -> Path:
    if chosen := os.environ.get("XDG_CACHE_HOME"):
        return Path(chosen)
    return Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")

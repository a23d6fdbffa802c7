"""Where a server's files lie: in the folder that was asked for, or where its user can reach them."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from pathlib import Path

from warta_local.errors import LocalError
from warta_local.folders import OPEN_FOLDER, SHARED_DATA
from warta_local.processes.account import Account

PRIVATE_FOLDER = 0o700


class FolderUnusable(LocalError):
    """The folder cannot hold a server's files; the message says why."""


def place(asked: Path, account: Account) -> Path:
    """The folder to use for `asked`, made if missing.

    Root's own folders are closed to the user that the server runs as. Then the files lie in a folder of their
    own below /var/lib/warta, and `asked` becomes a link to it.
    """
    if asked.is_symlink():
        return _existing(asked)
    closed = account.closed_folder(asked)
    if closed is None:
        asked.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        _require_way(asked, account)
        return asked.resolve()
    if asked.exists():
        raise FolderUnusable(f"user {account.name} may not enter {closed}, and {asked} exists: move it away")
    asked.parent.mkdir(parents=True, exist_ok=True)
    SHARED_DATA.mkdir(parents=True, exist_ok=True)
    SHARED_DATA.chmod(OPEN_FOLDER)
    folder = Path(tempfile.mkdtemp(dir=SHARED_DATA, prefix="elasticsearch-"))
    asked.symlink_to(folder)
    return folder


def wipe(asked: Path) -> None:
    """Remove a server's files, wherever they lie."""
    if asked.is_symlink():
        target = asked.resolve()
        if target.parent == SHARED_DATA.resolve():
            shutil.rmtree(target, ignore_errors=True)
        asked.unlink()
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(asked)


def _existing(link: Path) -> Path:
    target = link.resolve()
    if not target.is_dir():
        raise FolderUnusable(f"{link} leads to {target}, which is gone: remove the link to begin anew")
    return target


def _require_way(folder: Path, account: Account) -> None:
    """Folders that we have just made may be closed by our umask."""
    if closed := account.closed_folder(folder):
        raise FolderUnusable(f"user {account.name}, who runs Elasticsearch, may not enter {closed}")

"""What ends a backup or a restore."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Of a disk, and never of a connection.
_OF_A_DISK = frozenset(
    (
        *(errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EFBIG),
        *(errno.EACCES, errno.EPERM, errno.ENOENT, errno.EEXIST, errno.ENOTDIR),
    )
)


class BackupRefused(Exception):
    """It cannot be done as things are: why, and what to do about it."""

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.advice = advice


@contextmanager
def disk_told(folder: Path) -> Iterator[None]:
    """Raise BackupRefused where `folder` cannot be written; what a server's connection raises passes."""
    try:
        yield
    except OSError as error:
        if error.errno not in _OF_A_DISK:
            raise
        where = error.filename or folder
        raise BackupRefused(
            f"{where}: {error.strerror}", "Is there room, and may this user write there?"
        ) from error

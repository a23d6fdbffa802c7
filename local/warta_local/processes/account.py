"""Which user a server runs as: ourselves, or an unprivileged one where we are root."""

from __future__ import annotations

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

# Where the machine has no user `nobody`: a number that nobody owns files under.
FALLBACK_UID = 65_534
ENTER = stat.S_IXOTH
READ = stat.S_IROTH


@dataclass(frozen=True, slots=True)
class Account:
    """A user and group by number."""

    uid: int
    gid: int

    @property
    def is_us(self) -> bool:
        """Whether nothing needs to be given away."""
        return self.uid == os.geteuid()

    @property
    def name(self) -> str:
        """The user's name, or its number."""
        try:
            return pwd.getpwuid(self.uid).pw_name
        except KeyError:
            return str(self.uid)

    def own(self, folder: Path) -> None:
        """Give a folder and all in it to this user, unless it is ours anyway."""
        if self.is_us:
            return
        for path in (folder, *folder.rglob("*")):
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def closed_folder(self, path: Path) -> Path | None:
        """The outermost existing folder above `path` that this user may not enter; None when all are open."""
        if self.is_us:
            return None
        above = reversed(path.resolve().parents)
        return next((folder for folder in above if folder.exists() and not self._may(folder, ENTER)), None)

    def can_read(self, path: Path) -> bool:
        """Whether this user reaches and may read the existing file `path`."""
        return self.is_us or (self.closed_folder(path) is None and self._may(path, READ))

    def _may(self, path: Path, right: int) -> bool:
        """By the mode bits: those of the owner, else of the group, else of the others."""
        status = path.stat()
        shift = 6 if status.st_uid == self.uid else 3 if status.st_gid == self.gid else 0
        return bool(status.st_mode & (right << shift))


def account_for_servers() -> Account:
    """Us; `nobody` when we are root, for a server that refuses to run as root."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return Account(FALLBACK_UID, FALLBACK_UID)
    return Account(entry.pw_uid, entry.pw_gid)

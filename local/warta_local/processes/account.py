"""Which user a server runs as: ourselves, or an unprivileged one where we are root."""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

# Where the machine has no user `nobody`: a number that nobody owns files under.
FALLBACK_UID = 65_534


@dataclass(frozen=True, slots=True)
class Account:
    """A user and group by number."""

    uid: int
    gid: int

    @property
    def is_us(self) -> bool:
        """Whether nothing needs to be given away."""
        return self.uid == os.geteuid()

    def own(self, folder: Path) -> None:
        """Give a folder and all in it to this user, unless it is ours anyway."""
        if self.is_us:
            return
        for path in (folder, *folder.rglob("*")):
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def account_for_servers() -> Account:
    """Us; `nobody` when we are root, for a server that refuses to run as root."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return Account(FALLBACK_UID, FALLBACK_UID)
    return Account(entry.pw_uid, entry.pw_gid)

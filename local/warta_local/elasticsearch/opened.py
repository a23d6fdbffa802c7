"""Files that another user runs or reads, whatever our umask is."""

from __future__ import annotations

import stat
from pathlib import Path

READ = stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH
EXECUTE = stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH


def open_to_all(folder: Path) -> None:
    """Like `chmod -R a+rX`: readable, and executable where the owner may execute it."""
    for path in (folder, *folder.rglob("*")):
        if path.is_symlink():
            continue
        mode = stat.S_IMODE(path.stat().st_mode)
        path.chmod(mode | READ | (EXECUTE if mode & stat.S_IXUSR else 0))

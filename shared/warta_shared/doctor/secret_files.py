"""The files that WARTA_*_FILE variables name: there, not empty, and readable for their owner only."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from warta_shared.doctor.finding import Finding, failed, ok, skipped
from warta_shared.settings import PREFIX

SECRET_WORDS = ("PASSWORD", "KEY")
OTHERS = stat.S_IRWXG | stat.S_IRWXO


async def examine() -> list[Finding]:
    """One finding for each file, or that there is none."""
    named = {
        name: Path(path)
        for name, path in sorted(os.environ.items())
        if name.startswith(PREFIX)
        and name.endswith("_FILE")
        and path
        and any(word in name for word in SECRET_WORDS)
    }
    if not named:
        return [skipped("secrets", "no secret is given by a file")]
    return [secret_finding(name, path) for name, path in named.items()]


def secret_finding(variable: str, path: Path) -> Finding:
    """Of one file; its content is not looked at."""
    try:
        found = path.stat()
        readable = os.access(path, os.R_OK)
    except OSError as error:
        return failed(
            variable, f"{path}: {error.strerror}", "Make it with `warta secrets`, or mend the variable."
        )
    if not readable or not found.st_size:
        what = "is empty" if readable else "cannot be read by this user"
        return failed(variable, f"{path} {what}", "Make it with `warta secrets`, or give it to this user.")
    if found.st_mode & OTHERS:
        mode = stat.filemode(found.st_mode)
        return failed(variable, f"{path}: {mode}, others may read it", f"chmod 400 {path}")
    return ok(variable, f"{path}: {stat.filemode(found.st_mode)}")

"""A process that outlives its owner by moments, to end what the owner started.

Run as a script of its own, with the standard library only. Standard input is a pipe that only the owner
writes: `+PID` puts a process group on the leash, `-PID` takes it off. The pipe ends when the owner ends, also
by SIGKILL, which no handler inside the owner could see. Then the groups get SIGTERM, newest first, and
SIGKILL after a grace time. It works on Linux and macOS alike and, unlike Linux' parent death signal, does
not depend on which thread of the owner started a process.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterable

GRACE_SECONDS = 10.0


def main() -> int:
    """Read until the owner is gone, then end what it left."""
    groups = still_held(sys.stdin)
    for group in groups:
        signal_group(group, signal.SIGTERM)
    deadline = time.monotonic() + GRACE_SECONDS
    while any(alive(group) for group in groups) and time.monotonic() < deadline:
        time.sleep(0.05)
    for group in groups:
        signal_group(group, signal.SIGKILL)
    return 0


def still_held(lines: Iterable[str]) -> list[int]:
    """The groups that were put on the leash and not taken off, newest first."""
    held: dict[int, None] = {}
    for line in lines:
        group = int(line[1:])
        if line.startswith("+"):
            held[group] = None
        else:
            held.pop(group, None)
    return list(reversed(held))


def alive(group: int) -> bool:
    """Whether a process of the group exists."""
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def signal_group(group: int, number: signal.Signals) -> None:
    """Send, unless the group is gone."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


if __name__ == "__main__":
    sys.exit(main())

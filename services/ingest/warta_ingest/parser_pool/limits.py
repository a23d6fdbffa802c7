"""What a parsing process may use; runs inside it, before its first job."""

from __future__ import annotations

import ctypes
import importlib
import os
import signal
import sys
from collections.abc import Sequence

from warta_shared.garbage import collect_seldom

PR_SET_PDEATHSIG = 1


def confine(memory_bytes: int, parent: int, preload: Sequence[str]) -> None:
    """Cap the address space, ignore the terminal's Ctrl-C, end with the parent, import the parsers.

    The cap and the end with the parent need Linux; elsewhere the time limit alone holds (macOS accepts
    RLIMIT_AS and does not enforce it).
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for module in preload:
        importlib.import_module(module)
    collect_seldom()
    if not sys.platform.startswith("linux"):
        return
    import resource  # noqa: PLC0415 -- not on every platform

    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before the line above
        os._exit(1)

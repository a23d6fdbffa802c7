"""Waiting for what must become true, with a deadline."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

FoundT = TypeVar("FoundT")


def eventually(
    look: Callable[[], FoundT], seconds: float = 20.0, every: float = 0.1, what: str = ""
) -> FoundT:
    """The first answer that is true; fails with `what` was waited for, and the last answer, after so many seconds."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < deadline, f"{what} not within {seconds:g} s; last seen: {found!r}".lstrip()
        time.sleep(every)

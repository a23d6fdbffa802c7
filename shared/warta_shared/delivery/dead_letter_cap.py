"""The brake: a worker that dead-letters too much in a minute stops, for then the worker is at fault."""

from __future__ import annotations

from collections import deque


class DeadLetterCap:
    """A sliding minute; once tripped it stays so until the process is started anew (after a better deploy)."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._recent: deque[float] = deque()
        self.tripped = False

    def allows(self, number: int, now: float) -> bool:
        """Whether `number` more dead letters may be written at `now` (seconds, monotonic)."""
        while self._recent and self._recent[0] <= now - 60:
            self._recent.popleft()
        if self.tripped or len(self._recent) + number > self._per_minute:
            self.tripped = True
            return False
        self._recent.extend([now] * number)
        return True

"""How long a worker waits while a server behind it is away: growing, jittered, capped, ended by success."""

from __future__ import annotations

import asyncio
import random

FIRST_SECONDS = 0.5
LONGEST_SECONDS = 5.0
# A worker that stops is stopped from outside within moments; until then its reader must not spin.
STOPPING_SECONDS = 0.2


class Pause:
    """One for each hop and process; `stopping` ends every wait, and so does the first success of anyone."""

    def __init__(self, stopping: asyncio.Event) -> None:
        self._stopping = stopping
        self._answered = asyncio.Event()
        self._next = FIRST_SECONDS
        self.reason = ""

    def reset(self) -> None:
        """The server answered: who waits goes on."""
        self._next = FIRST_SECONDS
        self.reason = ""
        self._answered.set()
        self._answered = asyncio.Event()

    async def wait(self, reason: str) -> None:
        """Sleep the next interval (full jitter above half of it), or until the worker stops."""
        self.reason = reason
        seconds = self._next * random.uniform(0.5, 1.0)  # noqa: S311 -- jitter, no secret
        self._next = min(self._next * 2, LONGEST_SECONDS)
        ends = [asyncio.create_task(event.wait()) for event in (self._stopping, self._answered)]
        try:
            await asyncio.wait(ends, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for end in ends:
                end.cancel()
        if self._stopping.is_set():
            await asyncio.sleep(STOPPING_SECONDS)

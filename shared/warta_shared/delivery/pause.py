"""How long a worker waits while a server behind it is away: growing, jittered, capped, ended by success."""

from __future__ import annotations

import asyncio
import random

FIRST_SECONDS = 0.5
LONGEST_SECONDS = 5.0
# A worker that stops is stopped from outside within moments; until then its reader must not spin.
STOPPING_SECONDS = 0.2


class Pause:
    """One for each hop and process; `stopping` ends every wait."""

    def __init__(self, stopping: asyncio.Event) -> None:
        self._stopping = stopping
        self._next = FIRST_SECONDS
        self.reason = ""

    def reset(self) -> None:
        """The server answered."""
        self._next = FIRST_SECONDS
        self.reason = ""

    async def wait(self, reason: str) -> None:
        """Sleep the next interval (full jitter above half of it), or until the worker stops."""
        self.reason = reason
        seconds = self._next * random.uniform(0.5, 1.0)  # noqa: S311 -- jitter, no secret
        self._next = min(self._next * 2, LONGEST_SECONDS)
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return
        await asyncio.sleep(STOPPING_SECONDS)

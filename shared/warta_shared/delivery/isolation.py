"""Batches may run side by side; a suspect runs with nothing beside it, so that it can harm only itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Isolation:
    """A readers-writer lock: `shared` for ordinary batches, `alone` for suspects (which do not starve)."""

    def __init__(self) -> None:
        self._entry = asyncio.Lock()
        self._running = 0
        self._quiet = asyncio.Event()
        self._quiet.set()

    @asynccontextmanager
    async def shared(self) -> AsyncIterator[None]:
        """Run beside other batches."""
        async with self._entry:
            self._running += 1
            self._quiet.clear()
        try:
            yield
        finally:
            self._running -= 1
            if not self._running:
                self._quiet.set()

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Run when everything else has finished, and keep others out meanwhile."""
        async with self._entry:
            await self._quiet.wait()
            yield

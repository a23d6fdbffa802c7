"""One request at a time to a host, with a gap between two."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

HOSTS_REMEMBERED = 10_000


class HostGate:
    """`gap` in seconds from the end of one request to the start of the next."""

    def __init__(self, gap: float) -> None:
        self._gap = gap
        self._locks: OrderedDict[str, asyncio.Lock] = OrderedDict()
        self._free_at: dict[str, float] = {}

    @asynccontextmanager
    async def turn(self, url: str) -> AsyncIterator[None]:
        """Wait for the host of `url` to be free, and keep it until the block ends."""
        host = urlsplit(url).hostname or ""
        async with self._lock(host):
            await asyncio.sleep(max(0.0, self._free_at.get(host, 0.0) - time.monotonic()))
            try:
                yield
            finally:
                self._free_at[host] = time.monotonic() + self._gap

    def _lock(self, host: str) -> asyncio.Lock:
        lock = self._locks.setdefault(host, asyncio.Lock())
        self._locks.move_to_end(host)
        if len(self._locks) > HOSTS_REMEMBERED:
            oldest, idle = next(iter(self._locks.items()))
            if not idle.locked():
                del self._locks[oldest]
                self._free_at.pop(oldest, None)
        return lock

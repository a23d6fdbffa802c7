"""One request at a time to a host, with a gap between two."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

HOSTS_REMEMBERED = 10_000


class HostBusy(Exception):
    """The turn did not come in time; `seconds`: how long the host is to be left alone, 0 when it does not say."""

    def __init__(self, seconds: float = 0.0) -> None:
        super().__init__(f"for {seconds:g} s" if seconds else "")
        self.seconds = seconds


@dataclass(slots=True)
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0
    free_at: float = 0.0


class HostGate:
    """`gap` in seconds from the end of one request to the start of the next."""

    def __init__(self, gap: float) -> None:
        self._gap = gap
        self._hosts: OrderedDict[str, _Host] = OrderedDict()

    def __len__(self) -> int:
        return len(self._hosts)

    @asynccontextmanager
    async def turn(self, url: str, patience: float) -> AsyncIterator[None]:
        """Wait for the host of `url`, first come first served, and keep it until the block ends.

        Raises HostBusy when that takes more than `patience` seconds.
        """
        host = self._host(urlsplit(url).hostname or "")
        host.users += 1
        try:
            await self._wait(host, patience)
            try:
                yield
            finally:
                host.free_at = time.monotonic() + self._gap
                host.lock.release()
        finally:
            host.users -= 1

    async def _wait(self, host: _Host, patience: float) -> None:
        try:
            async with asyncio.timeout(patience):
                await host.lock.acquire()
                try:
                    await asyncio.sleep(max(0.0, host.free_at - time.monotonic()))
                except BaseException:
                    host.lock.release()
                    raise
        except TimeoutError:
            raise HostBusy from None

    def _host(self, name: str) -> _Host:
        host = self._hosts.setdefault(name, _Host())
        self._hosts.move_to_end(name)
        if len(self._hosts) > HOSTS_REMEMBERED:
            oldest = next(
                (old for old, known in self._hosts.items() if not known.users and known is not host), None
            )
            if oldest is not None:
                del self._hosts[oldest]
        return host

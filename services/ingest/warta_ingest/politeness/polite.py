"""One request's turn at its host: in line here, in line with the other replicas, and only what robots.txt allows."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from warta_ingest.fetcher import Fetcher, FetchError
from warta_ingest.politeness.host_gate import HostBusy, HostGate
from warta_ingest.politeness.hosts import TOO_MANY_SECONDS, Hosts
from warta_ingest.politeness.robots import Robots
from warta_ingest.settings import PRODUCT, IngestSettings
from warta_shared.delivery.client import Redis

# A host is slow or ill when nothing came back at all.
_NO_ANSWER = frozenset({"connect", "connection-lost", "dns", "tls", "timeout", "bad-response"})
_OVERLOADED = frozenset({429, 503})


# Raises Forbidden for an address that its site's rules keep from us, HostBusy when they cannot be had in time.
Permit = Callable[[str], Awaitable[None]]


class Forbidden(Exception):
    """`robots`: the site does not want it fetched. `robots-unreachable`: it cannot be asked now, so it is not."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retryable = reason != "robots"


class Politeness:
    """Turns at hosts. `clock` gives ms since 1970."""

    def __init__(
        self, redis: Callable[[], Redis], fetcher: Fetcher, settings: IngestSettings, clock: Callable[[], int]
    ) -> None:
        self._settings = settings
        self._gate = HostGate(0.0)
        self.hosts = Hosts(redis, lease=2 * settings.fetch_deadline + settings.page_extraction)
        self._robots = Robots(redis, fetcher, _token(settings.user_agent), clock)

    @asynccontextmanager
    async def turn(self, url: str, patience: float, *, robots: bool = True) -> AsyncIterator[Permit]:
        """Our turn at the host of `url` for one request, which is made inside the block.

        What it gives asks for one more address of the same host, to which the request was led on.

        `robots`: whether the site's robots.txt is asked; not for feeds, which are made to be polled.

        Raises HostBusy when it does not come within `patience` seconds or the host is to be left alone, and
        Forbidden. Learns from a FetchError that leaves the block.
        """
        host, until = host_of(url), time.monotonic() + patience
        await self._refuse_paused(host)
        async with self._gate.turn(url, patience):
            token = await self.hosts.take(host, max(0.05, until - time.monotonic()))
            if not token:
                raise HostBusy
            gap = self._settings.host_gap

            async def permit(address: str) -> None:
                nonlocal gap
                if robots and self._settings.robots:
                    gap = await self._in_time(address, gap, until)

            try:
                await self._refuse_paused(host)
                await permit(url)
                yield permit
                await self.hosts.answered(host)
            except FetchError as error:
                await self._learn(host, error)
                raise
            finally:
                await self.hosts.give_back(host, token, gap)

    async def _refuse_paused(self, host: str) -> None:
        if seconds := await self.hosts.paused_for(host):
            raise HostBusy(seconds)

    async def _in_time(self, url: str, gap: float, until: float) -> float:
        """A site's rules may take as long as its turn would have; then the page comes again and finds them."""
        try:
            async with asyncio.timeout(max(0.05, until - time.monotonic())):
                return await self._permitted(url, gap)
        except TimeoutError:
            raise HostBusy from None

    async def _permitted(self, url: str, gap: float) -> float:
        """The gap that the site wants, after asking for its rules; raises Forbidden."""
        permission = await self._robots.permission(url)
        if not permission.allowed:
            raise Forbidden(permission.reason)
        gap = max(gap, min(permission.delay, self._settings.crawl_delay_max))
        if permission.asked:
            await asyncio.sleep(gap)
        return gap

    async def _learn(self, host: str, error: FetchError) -> None:
        if error.status in _OVERLOADED and (error.retry_after or error.status == 429):
            await self.hosts.pause(host, error.retry_after or TOO_MANY_SECONDS)
        if error.status is not None:
            await self.hosts.answered(host)
        elif error.reason in _NO_ANSWER:
            await self.hosts.failed(host)


def host_of(url: str) -> str:
    """The host of a URL, with its port where that is no usual one."""
    return urlsplit(url).netloc.lower()


def _token(user_agent: str) -> str:
    """The product token that robots.txt names us by (RFC 9309, 2.2.1)."""
    first = user_agent.partition("/")[0].split()
    return first[0] if first else PRODUCT

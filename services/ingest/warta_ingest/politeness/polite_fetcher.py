"""Fetching as strangers' servers are treated: each address on the way, redirects too, has its turn and its rules."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial

from warta_ingest.fetcher import Fetched, Fetcher, Redirected
from warta_ingest.fetcher.web_address import web_address
from warta_ingest.politeness.polite import Politeness, host_of

Ask = Callable[[], Awaitable[Fetched]]


@dataclass(frozen=True, slots=True)
class PoliteFetcher:
    """`robots`: whether the sites' robots.txt is asked; not for feeds, which are made to be polled."""

    fetcher: Fetcher
    polite: Politeness
    robots: bool = True

    async def fetch(
        self,
        url: str,
        patience: float,
        *,
        byte_cap: int,
        accept: str,
        etag: str | None = None,
        last_modified: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Fetched:
        """As `Fetcher.fetch`, begun at each host within `patience` seconds from now.

        Raises FetchError, HostBusy when a turn does not come in time, and Forbidden.
        """
        until = time.monotonic() + patience
        ask: Ask = partial(
            self.fetcher.fetch,
            url,
            byte_cap=byte_cap,
            accept=accept,
            etag=etag,
            last_modified=last_modified,
            headers=headers,
            stepwise=True,
        )
        address = str(web_address(url))
        while True:
            answer = await self._at_host(address, ask, max(0.0, until - time.monotonic()))
            if isinstance(answer, Fetched):
                return answer
            address, ask = answer.target, partial(self.fetcher.follow, answer)

    async def _at_host(self, url: str, ask: Ask, patience: float) -> Fetched | Redirected:
        """The answer, or the redirect that leaves this host: two turns at once could wait for each other for ever."""
        host = host_of(url)
        async with self.polite.turn(url, patience, robots=self.robots) as permit:
            while True:
                try:
                    return await ask()
                except Redirected as redirected:
                    if host_of(redirected.target) != host:
                        return redirected
                    await permit(redirected.target)
                    ask = partial(self.fetcher.follow, redirected)

"""A feed tried out: fetched once through the guarded fetcher, and read as the service reads it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from warta_ingest.fetcher import FEED_ACCEPT, Fetched, Fetcher, FetchError
from warta_ingest.parser_pool import ParserPool
from warta_ingest.poll.unreadable import UnreadableFeed
from warta_ingest.reading import feed_reader
from warta_ingest.settings import FetchSettings
from warta_shared.cli.failure import read_settings

AT_ONCE = 5
NOT_A_FEED = "not-a-feed"


@dataclass(frozen=True, slots=True)
class Tried:
    """What an address turned out to be; `problem` is '' for a feed."""

    url: str
    problem: str = ""
    page: str = ""
    format: str = ""
    title: str = ""
    entries: int = 0
    newest: datetime | None = None
    language: str | None = None


class Trial:
    """An async context manager around fetcher and parsers."""

    def __init__(self) -> None:
        settings = read_settings(FetchSettings)
        self._bytes_max = settings.feed_bytes_max
        self._fetcher = Fetcher(settings.fetcher_options)
        self._pool = ParserPool(1)
        self._read = feed_reader(self._pool)

    async def __aenter__(self) -> Trial:
        await self._fetcher.__aenter__()
        await self._pool.__aenter__()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._pool.__aexit__(None, None, None)
        await self._fetcher.aclose()

    async def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Fetched:
        """The bytes at a URL; raises FetchError."""
        return await self._fetcher.fetch(url, byte_cap=self._bytes_max, accept=FEED_ACCEPT, headers=headers)

    async def of(self, url: str, headers: Mapping[str, str] | None = None) -> Tried:
        """Fetch and read one address."""
        try:
            fetched = await self.fetch(url, headers)
        except FetchError as error:
            return Tried(url, f"{error.reason}: {error.detail}")
        try:
            feed = await self._read(fetched, None)
        except UnreadableFeed as error:
            page = fetched.body.decode("utf-8", "replace") if error.reason == NOT_A_FEED else ""
            return Tried(url, f"{error.reason}: {error.detail}", page=page)
        times = [time for entry in feed.entries if (time := entry.published or entry.updated)]
        return Tried(
            url, "", "", feed.format, feed.title, len(feed.entries), max(times, default=None), feed.language
        )

    async def of_all(self, urls: Sequence[str]) -> list[Tried]:
        """Several addresses, a few at a time, in their order."""
        turns = asyncio.Semaphore(AT_ONCE)

        async def one(url: str) -> Tried:
            async with turns:
                return await self.of(url)

        return list(await asyncio.gather(*map(one, urls)))

"""A feed's bytes and what they say: asked politely, under conditions, where the feed is now."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from warta_ingest.feeds import Feed, ParsedFeed
from warta_ingest.fetcher import FEED_ACCEPT, Fetched, FetchError
from warta_ingest.fetcher.web_address import web_address
from warta_ingest.politeness import HostBusy, PoliteFetcher
from warta_ingest.poll import address
from warta_ingest.poll.state import FeedState
from warta_ingest.poll.unreadable import UnreadableFeed
from warta_ingest.settings import IngestSettings

log = logging.getLogger(__name__)

# A server that says 304 for ever may be wrong: every so often it is asked without conditions.
UNCONDITIONAL_EVERY = 24
INDEX = "sitemap-index"
# So many polls stand in line for one host; more would keep those of other hosts from beginning.
IN_LINE = 3
# Their server asks for time, at whatever address.
_OVERLOADED = frozenset({429, 503})

# `country` (None where it is not known) gives times without a zone theirs; raises UnreadableFeed.
Parse = Callable[[Fetched, str | None], Awaitable[ParsedFeed]]


@dataclass(frozen=True, slots=True)
class FeedAnswer:
    """What a feed's server said at the address `asked`; `feed` is None when nothing has changed."""

    asked: str
    fetched: Fetched
    feed: ParsedFeed | None


@dataclass(frozen=True, slots=True)
class FeedFetching:
    """Fetches and reads feeds and their parts."""

    fetcher: PoliteFetcher
    parse: Parse
    settings: IngestSettings
    in_line: Counter[str] = field(default_factory=Counter)

    async def feed(self, feed: Feed, before: FeedState, now: int) -> FeedAnswer:
        """Ask where the feed is now, and where it was or should be when that fails.

        Raises FetchError, UnreadableFeed and HostBusy.
        """
        first, *other = address.addresses(feed.url, before.moved, now)
        try:
            return await self._feed(feed, before, first)
        except (FetchError, UnreadableFeed) as error:
            if not other or (isinstance(error, FetchError) and error.status in _OVERLOADED):
                raise
            log.info("feed-asked-elsewhere", extra={"feed": feed.id, "reason": error.reason})
        return await self._feed(feed, before, other[0])

    async def part(self, feed: Feed, url: str, etag: str | None = None) -> FeedAnswer:
        """A further page of a feed, or a sitemap of an index; raises as `feed` does."""
        fetched = await self._fetch(feed, url, etag, None)
        return FeedAnswer(
            url, fetched, None if fetched.not_modified else await self.parse(fetched, feed.country)
        )

    async def _feed(self, feed: Feed, before: FeedState, url: str) -> FeedAnswer:
        # Sitemaps may change although the index that names them does not.
        conditional = before.not_modified < UNCONDITIONAL_EVERY and before.format != INDEX
        etag, last_modified = (before.etag, before.last_modified) if conditional else ("", "")
        fetched = await self._fetch(feed, url, etag or None, last_modified or None)
        return FeedAnswer(
            url, fetched, None if fetched.not_modified else await self.parse(fetched, feed.country)
        )

    async def _fetch(self, feed: Feed, url: str, etag: str | None, last_modified: str | None) -> Fetched:
        headers = address.own_headers(feed.headers, feed.url, url)
        with self._in_line_at(url):
            return await self.fetcher.fetch(
                url,
                self.settings.poll_lease / 4,
                byte_cap=self.settings.feed_bytes_max,
                accept=FEED_ACCEPT,
                etag=etag,
                last_modified=last_modified,
                headers=headers,
            )

    @contextmanager
    def _in_line_at(self, url: str) -> Iterator[None]:
        """In line with the pages of the host: patient enough to come before those that join it later."""
        host = web_address(url).host
        if self.in_line[host] >= IN_LINE:
            raise HostBusy
        self.in_line[host] += 1
        try:
            yield
        finally:
            self.in_line[host] -= 1
            if not self.in_line[host]:
                del self.in_line[host]

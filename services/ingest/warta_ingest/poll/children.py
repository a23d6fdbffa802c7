"""The sitemaps that an index names: those that changed since they were last read, the newest first."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from warta_ingest.feeds import Feed, FeedEntry, ParsedFeed
from warta_ingest.feeds.entry import Child
from warta_ingest.fetcher import FEED_ACCEPT, Fetched, Fetcher, FetchError
from warta_ingest.poll.unreadable import UnreadableFeed
from warta_ingest.settings import IngestSettings
from warta_shared.delivery.broker import Redis
from warta_shared.delivery.names import key

log = logging.getLogger(__name__)

# An archive's index may name thousands; what is new stands in the newest.
CHILDREN_A_POLL = 5


@dataclass(slots=True)
class Reading:
    """What a round of reading brought: entries, and the marks to keep once they are published."""

    entries: list[FeedEntry] = field(default_factory=list)
    marks: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SitemapChildren:
    """Reads the children of sitemap indexes."""

    redis: Callable[[], Redis]
    fetcher: Fetcher
    parse: Callable[[Fetched, str | None], Awaitable[ParsedFeed]]
    settings: IngestSettings

    async def read(self, feed: Feed, children: Sequence[Child]) -> Reading:
        """The entries of the children that changed; one that fails is asked again with the next poll."""
        known = {
            name.decode(): mark.decode() for name, mark in (await self.redis().hgetall(_key(feed))).items()
        }
        reading = Reading()
        for child in changed(children, known)[:CHILDREN_A_POLL]:
            try:
                fetched = await self.fetcher.fetch(
                    child.url,
                    byte_cap=self.settings.feed_bytes_max,
                    accept=FEED_ACCEPT,
                    etag=None if child.changed else known.get(_name(child)) or None,
                    headers=feed.headers,
                )
                if not fetched.not_modified:
                    reading.entries += (await self.parse(fetched, feed.country)).entries
                    reading.marks[_name(child)] = _mark(child) or fetched.etag or ""
            except (FetchError, UnreadableFeed) as error:
                extra = {"feed": feed.id, "url": child.url[:300], "reason": error.reason}
                log.warning("sitemap-failed", extra=extra)
        return reading

    async def remember(self, feed: Feed, reading: Reading) -> None:
        """After the entries were published: these children are read."""
        if reading.marks:
            await self.redis().hset(_key(feed), mapping=reading.marks)


def changed(children: Sequence[Child], known: dict[str, str]) -> list[Child]:
    """Those that say they changed, the newest first, then those that say nothing."""
    dated = [child for child in children if child.changed and known.get(_name(child), "") < _mark(child)]
    undated = [child for child in children if child.changed is None]
    return [*sorted(dated, key=_mark, reverse=True), *undated]


def _mark(child: Child) -> str:
    return child.changed.isoformat() if child.changed else ""


def _name(child: Child) -> str:
    return hashlib.sha256(child.url.encode()).hexdigest()[:16]


def _key(feed: Feed) -> str:
    return key("feed-children", None, feed.id)

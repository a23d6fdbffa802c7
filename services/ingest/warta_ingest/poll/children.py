"""The sitemaps that an index names: those that changed since they were last read, the newest first."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from warta_ingest.feeds import Feed, FeedEntry
from warta_ingest.feeds.entry import Child
from warta_ingest.fetcher import FetchError
from warta_ingest.politeness import HostBusy
from warta_ingest.poll.fetching import FeedFetching
from warta_ingest.poll.unreadable import UnreadableFeed
from warta_shared.delivery.client import Redis
from warta_shared.delivery.names import key

log = logging.getLogger(__name__)

# An archive's index may name thousands; what is new stands in the newest.
CHILDREN_A_POLL = 5


class Read(NamedTuple):
    """The last reading of a sitemap: `at` in ms, `mark` is the date or ETag of what was read ('' for none)."""

    at: int = 0
    failed: bool = False
    mark: str = ""

    def text(self) -> str:
        """As Redis holds it."""
        return f"{self.at} {int(self.failed)} {self.mark}"

    @classmethod
    def from_text(cls, text: str) -> Read:
        """Read it; what no release has written so passes for never read."""
        at, _, rest = text.partition(" ")
        failed, _, mark = rest.partition(" ")
        return cls(int(at), failed == "1", mark) if at.isdecimal() and rest else cls()


@dataclass(slots=True)
class Reading:
    """What a round of reading brought: entries, and what to remember once they are published."""

    entries: list[FeedEntry] = field(default_factory=list)
    read: dict[str, Read] = field(default_factory=dict)
    listed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SitemapChildren:
    """Reads the children of sitemap indexes; `clock` gives ms since 1970."""

    redis: Callable[[], Redis]
    fetching: FeedFetching
    clock: Callable[[], int]

    async def read(self, feed: Feed, children: Sequence[Child], since: datetime, until: float) -> Reading:
        """The entries of the children that changed after `since`, as many as are begun before `until`.

        `until` is on the monotonic clock. A child that fails is asked again after the others.
        """
        known = await self._known(feed)
        reading = Reading(listed=frozenset(_name(child) for child in children))
        for child in changed(children, known, since)[:CHILDREN_A_POLL]:
            if time.monotonic() >= until:
                break
            name = _name(child)
            reading.read[name] = await self._read(feed, child, known.get(name, Read()), reading.entries)
        return reading

    async def remember(self, feed: Feed, reading: Reading) -> None:
        """After the entries were published: these children are read, and those of an older index forgotten."""
        if reading.read:
            mapping = {name: read.text() for name, read in reading.read.items()}
            await self.redis().hset(_key(feed.id), mapping=mapping)
        if reading.listed:
            stored = {name.decode() for name in await self.redis().hkeys(_key(feed.id))}
            if unlisted := stored - reading.listed:
                await self.redis().hdel(_key(feed.id), *unlisted)

    async def _read(self, feed: Feed, child: Child, before: Read, entries: list[FeedEntry]) -> Read:
        now = self.clock()
        try:
            answer = await self.fetching.part(feed, child.url, None if child.changed else before.mark or None)
        except (FetchError, UnreadableFeed) as error:
            extra = {"feed": feed.id, "url": child.url[:300], "reason": error.reason}
            log.warning("sitemap-failed", extra=extra)
            return before._replace(at=now, failed=True)
        except HostBusy:
            return before._replace(at=now, failed=True)
        if answer.feed:
            entries += answer.feed.entries
        return Read(now, mark=_date(child) or answer.fetched.etag or before.mark)

    async def _known(self, feed: Feed) -> dict[str, Read]:
        raw: dict[bytes, bytes] = await self.redis().hgetall(_key(feed.id))
        return {name.decode(): Read.from_text(text.decode()) for name, text in raw.items()}


async def forget(redis: Redis, feed_id: str) -> None:
    """Drop what was remembered for a feed that is polled no more."""
    await redis.unlink(_key(feed_id))


def changed(children: Sequence[Child], known: Mapping[str, Read], since: datetime) -> list[Child]:
    """Those that changed after `since` and were not read so, the newest first; then those without a date.

    The longest unread of those come first, and what failed lately last: no child keeps the others waiting.
    """
    reads = {child.url: known.get(_name(child), Read()) for child in children}
    dated = [c for c in children if c.changed and c.changed >= since and reads[c.url].mark < _date(c)]
    dated.sort(key=_date, reverse=True)
    undated = sorted((c for c in children if c.changed is None), key=lambda c: reads[c.url].at)
    return sorted([*dated, *undated], key=lambda c: reads[c.url].failed)


def _date(child: Child) -> str:
    return child.changed.isoformat() if child.changed else ""


def _name(child: Child) -> str:
    return hashlib.sha256(child.url.encode()).hexdigest()[:16]


def _key(feed_id: str) -> str:
    return key("feed-children", None, feed_id)

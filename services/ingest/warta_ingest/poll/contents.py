"""All that a feed names, wherever it stands: its entries, its further pages, the sitemaps of an index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from warta_ingest.feeds import Feed, FeedEntry, ParsedFeed
from warta_ingest.poll.children import Reading, SitemapChildren
from warta_ingest.poll.discovered import DiscoveredPages
from warta_ingest.poll.older_pages import OlderPages
from warta_ingest.poll.whole_articles import WholeArticles
from warta_ingest.registry import accounts
from warta_shared.telemetry import metrics

# What a sitemap says is older was news before we came: an archive is brought in by backfill.
SITEMAP_AGE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Found:
    """The entries of a poll, and the words that they ended in."""

    entries: Sequence[FeedEntry] = ()
    counts: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class FeedContents:
    """Publishes what a feed names; `clock` gives ms since 1970."""

    children: SitemapChildren
    older: OlderPages
    whole: WholeArticles
    pages: DiscoveredPages
    clock: Callable[[], int]

    async def publish(self, feed: Feed, parsed: ParsedFeed | None, until: float, *, first: bool) -> Found:
        """Every entry ends in one of the counted words.

        `first`: the feed is read for the first time. Nothing more is fetched for it after `until` (monotonic).
        """
        if parsed is None:
            return Found()
        reading = await self._reading(feed, parsed, until, first=first)
        entries: Sequence[FeedEntry] = reading.entries
        counts: Counter[str] = Counter()
        if "sitemap" in parsed.format:
            entries = [entry for entry in entries if self._recent(entry)]
            counts[accounts.OLD] = len(reading.entries) - len(entries)
        if feed.full_text == "feed":
            published, entries = await self.whole.publish(feed, entries)
            counts += published
        counts += await self.pages.publish(feed, entries)
        await self.children.remember(feed, reading)
        for word, number in counts.items():
            metrics.ENTRIES.labels(word).inc(number)
        return Found(reading.entries, counts)

    async def _reading(self, feed: Feed, parsed: ParsedFeed, until: float, *, first: bool) -> Reading:
        if parsed.children:
            return await self.children.read(feed, parsed.children, self._since, until)
        older = await self.older.read(feed, parsed, until) if first else []
        return Reading([*parsed.entries, *older])

    @property
    def _since(self) -> datetime:
        return datetime.fromtimestamp(self.clock() / 1000, UTC) - SITEMAP_AGE

    def _recent(self, entry: FeedEntry) -> bool:
        said = entry.published or entry.updated
        return said is None or said >= self._since

"""Articles whose text was lost: their pages fetched once more, as if the feed that named them had just done so."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence

from warta_ingest.feeds import Feed, FeedEntry, store
from warta_ingest.poll.discovered import BY_URL, DiscoveredPages
from warta_ingest.registry.journey import forget_feed
from warta_ingest.registry.page_record import PageRecord
from warta_ingest.registry.record import Record
from warta_ingest.settings import IngestSettings
from warta_shared.delivery import markers
from warta_shared.delivery.client import Redis
from warta_shared.registry.known import NAME

AT_ONCE = 500


async def fetched_again(redis: Redis, ids: Sequence[str]) -> set[str]:
    """Those of these articles that came from a page whose address is remembered: it is on `pages.found` now.

    Not of withdrawn ones: their pages are no reason to show them. Raises redis-py's errors, TooBusy, NotReplicated.
    """
    settings = IngestSettings()
    lost = set(ids)
    by_feed: defaultdict[str, list[tuple[str, str, PageRecord]]] = defaultdict(list)
    _, stored = await store.stored_feeds(redis)
    async for article, page_id, page, source in _pages(redis, settings, lost):
        named = next((feed for feed in stored if page.said_by(feed) is not None), f"{BY_URL} {source}")
        by_feed[named].append((article, page_id, page))
    found: set[str] = set()
    for named, pages in by_feed.items():
        feed = stored[named].feed if named in stored else None
        for start in range(0, len(pages), AT_ONCE):
            some = pages[start : start + AT_ONCE]
            await _publish(redis, settings, feed or _by_url(named, some[0][2].url), some)
            found |= {article for article, _, _ in some}
    return found


def _by_url(named: str, url: str) -> Feed:
    return Feed(id=BY_URL, url=url, source=named.removeprefix(f"{BY_URL} "))


async def _publish(
    redis: Redis, settings: IngestSettings, feed: Feed, pages: Sequence[tuple[str, str, PageRecord]]
) -> None:
    for _, page_id, _ in pages:
        await forget_feed(redis, settings.partitions, page_id, feed.id, settings.registry_seconds)
    now = time.time_ns() // 1_000_000
    entries = [FeedEntry(link=page.url, id=None, title="") for _, _, page in pages]
    await DiscoveredPages(lambda: redis, settings, lambda: now).publish(feed, entries)


async def _pages(
    redis: Redis, settings: IngestSettings, lost: set[str]
) -> AsyncIterator[tuple[str, str, PageRecord, str]]:
    """Of each lost article its page, and its source's code; a page may have another id than its article."""
    sources: dict[str, str] = {}
    pages: dict[str, tuple[str, PageRecord]] = {}
    async for identity, marked in markers.every(redis, NAME, settings.partitions):
        record = Record.unpacked(marked.marker, identity)
        if identity in lost and record.article and not record.article.withdrawn:
            sources[identity] = record.article.source
        if record.page and record.page.article in lost and record.page.url:
            pages[record.page.article] = (identity, record.page)
    for article in sources.keys() & pages.keys():
        page_id, page = pages[article]
        yield article, page_id, page, sources[article]

"""One poll: fetch if changed, read the entries, publish those that say something new, only then move on."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from warta_ingest.feeds import Feed, FeedEntry, ParsedFeed
from warta_ingest.fetcher import FEED_ACCEPT, Fetched, Fetcher, FetchError
from warta_ingest.poll import address, interval, rhythm, state
from warta_ingest.poll.children import Reading, SitemapChildren
from warta_ingest.poll.discovered import DiscoveredPages
from warta_ingest.poll.interval import Wait
from warta_ingest.poll.schedule import set_next
from warta_ingest.poll.state import FeedState
from warta_ingest.poll.unreadable import UnreadableFeed
from warta_ingest.poll.whole_articles import WholeArticles
from warta_ingest.registry import accounts
from warta_ingest.settings import IngestSettings
from warta_shared.delivery.broker import Redis
from warta_shared.telemetry import metrics

log = logging.getLogger(__name__)

# A server that says 304 for ever may be wrong: every so often it is asked without conditions.
UNCONDITIONAL_EVERY = 24
# What a sitemap says is older was news before we came: an archive is brought in by backfill.
SITEMAP_AGE = timedelta(days=7)

# `country` (None where it is not known) gives times without a zone theirs; raises UnreadableFeed.
Parse = Callable[[Fetched, str | None], Awaitable[ParsedFeed]]


@dataclass(frozen=True, slots=True)
class Poller:
    """Polls one feed at a time; `clock` gives ms since 1970."""

    redis: Callable[[], Redis]
    fetcher: Fetcher
    parse: Parse
    whole: WholeArticles
    settings: IngestSettings
    clock: Callable[[], int]

    async def poll(self, feed: Feed) -> str:
        """Poll and reschedule; the outcome's name. Redis' errors leave the feed to its lease."""
        before = await state.load(self.redis(), feed.id)
        if before.url != feed.url:
            before = FeedState(url=feed.url, last_new=before.last_new, gap=before.gap)
        asked = address.address(feed.url, before.moved, self.clock())
        try:
            fetched = await self._fetch(feed, before, asked)
            parsed = None if fetched.not_modified else await self.parse(fetched, feed.country)
        except FetchError as error:
            wait = interval.after_failure(feed.interval, before.failures, error.retry_after, gone=error.gone)
            return await self._failed(feed, before, asked, error, wait)
        except UnreadableFeed as error:
            wait = interval.after_failure(feed.interval, before.failures, None)
            return await self._failed(feed, before, asked, error, wait)
        return await self._read(feed, before, asked, fetched, parsed)

    async def _fetch(self, feed: Feed, before: FeedState, asked: str) -> Fetched:
        conditional = before.not_modified < UNCONDITIONAL_EVERY
        return await self.fetcher.fetch(
            asked,
            byte_cap=self.settings.feed_bytes_max,
            accept=FEED_ACCEPT,
            etag=before.etag or None if conditional else None,
            last_modified=before.last_modified or None if conditional else None,
            headers=feed.headers,
        )

    async def _read(
        self, feed: Feed, before: FeedState, asked: str, fetched: Fetched, parsed: ParsedFeed | None
    ) -> str:
        counts = await self._publish(feed, parsed) if parsed else Counter[str]()
        fresh, now = counts[accounts.NEW], self.clock()
        gap = _gap(before, parsed, fresh, now)
        wait = interval.after_success(feed.interval, gap, parsed, fetched.max_age)
        quiet = interval.outside_quiet_hours(wait, _instant(now), parsed, float(feed.interval.max))
        moved = address.after_fetch(feed.url, asked, before.moved, fetched, now)
        outcome = "not-modified" if parsed is None else "new-entries" if fresh else "nothing-new"
        after = replace(
            before,
            etag=fetched.etag or (before.etag if fetched.not_modified else ""),
            last_modified=fetched.last_modified or (before.last_modified if fetched.not_modified else ""),
            not_modified=before.not_modified + 1 if fetched.not_modified else 0,
            failures=0,
            last_poll=now,
            last_success=now,
            last_new=now if fresh else before.last_new,
            outcome=outcome,
            detail="",
            format=parsed.format if parsed else before.format,
            gap=gap,
            moved_to=moved.to,
            moves=moved.times,
            declared_asked=moved.declared_asked,
        )
        await self._advance(feed, after, quiet)
        await accounts.count(self.redis(), feed.id, now, counts)
        return outcome

    async def _publish(self, feed: Feed, parsed: ParsedFeed) -> Counter[str]:
        """Every entry ends in one of the counted words."""
        reading = Reading(list(parsed.entries))
        children = SitemapChildren(self.redis, self.fetcher, self.parse, self.settings)
        if parsed.children:
            reading = await children.read(feed, parsed.children)
        counts: Counter[str] = Counter()
        entries: Sequence[FeedEntry] = reading.entries
        if "sitemap" in parsed.format:
            entries = self._recent(entries)
            counts[accounts.OLD] = len(reading.entries) - len(entries)
        if feed.full_text == "feed":
            published, entries = await self.whole.publish(feed, entries)
            counts += published
        counts += await DiscoveredPages(self.redis, self.settings, self.clock).publish(feed, entries)
        await children.remember(feed, reading)
        for word, number in counts.items():
            metrics.ENTRIES.labels(word).inc(number)
        return counts

    def _recent(self, entries: Sequence[FeedEntry]) -> list[FeedEntry]:
        since = _instant(self.clock()) - SITEMAP_AGE
        return [e for e in entries if (said := e.published or e.updated) is None or said >= since]

    async def _failed(
        self, feed: Feed, before: FeedState, asked: str, error: FetchError | UnreadableFeed, wait: Wait
    ) -> str:
        detail = error.detail[:300]
        log.warning("poll-failed", extra={"feed": feed.id, "reason": error.reason, "detail": detail})
        moved = address.after_failure(feed.url, asked, before.moved)
        after = replace(
            before,
            failures=before.failures + 1,
            last_poll=self.clock(),
            outcome=error.reason,
            detail=detail,
            moved_to=moved.to,
            moves=moved.times,
            declared_asked=moved.declared_asked,
        )
        await self._advance(feed, after, wait)
        return error.reason

    async def _advance(self, feed: Feed, after: FeedState, wait: Wait) -> None:
        """The feed moves on only now: a crash before this line polls it again, which publishes nothing twice."""
        await state.save(self.redis(), feed.id, replace(after, wait=wait.seconds, why=wait.why))
        await set_next(self.redis(), feed.id, self.clock() + int(wait.seconds * 1000))
        metrics.POLLS.labels(after.outcome).inc()


def _gap(before: FeedState, parsed: ParsedFeed | None, fresh: int, now: int) -> float:
    """The feed's usual gap after this poll; before the first one its entries' own times tell it."""
    if not before.last_success:
        return rhythm.first_gap(
            time for e in (parsed.entries if parsed else ()) if (time := e.published or e.updated)
        )
    return rhythm.next_gap(before.gap, fresh, (now - before.last_success) / 1000, before.silence(now))


def _instant(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)

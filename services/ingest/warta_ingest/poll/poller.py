"""One poll: fetch if changed, read the entries, publish those that say something new, only then move on."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from pydantic import ValidationError

from warta_ingest.feeds import Feed, FeedEntry, ParsedFeed
from warta_ingest.fetcher import FEED_ACCEPT, Fetched, Fetcher, FetchError
from warta_ingest.pages.found import FoundPage, fingerprint, found_page
from warta_ingest.poll import interval, state
from warta_ingest.poll.schedule import set_next
from warta_ingest.poll.state import FeedState
from warta_ingest.poll.unreadable import UnreadableFeed
from warta_ingest.registry.publisher import TooBusy
from warta_ingest.sameness import BadUrlError
from warta_ingest.settings import IngestSettings
from warta_shared.delivery.broker import Redis
from warta_shared.delivery.names import PAGES, Partition, key, partition_of
from warta_shared.delivery.publish import Answer, Publication, publish
from warta_shared.events import Entry
from warta_shared.telemetry import metrics

log = logging.getLogger(__name__)

TRIES = 5

Parse = Callable[[Fetched, Feed], Awaitable[ParsedFeed]]


@dataclass(frozen=True, slots=True)
class Poller:
    """Polls one feed at a time. `parse` raises UnreadableFeed; `clock` gives ms since 1970."""

    redis: Callable[[], Redis]
    fetcher: Fetcher
    parse: Parse
    settings: IngestSettings
    clock: Callable[[], int]

    async def poll(self, feed: Feed) -> str:
        """Poll and reschedule; the outcome's name. Redis' errors leave the feed to its lease."""
        before = await state.load(self.redis(), feed.id)
        if before.url != feed.url:
            before = replace(before, url=feed.url, etag="", last_modified="", failures=0)
        try:
            fetched = await self.fetcher.fetch(
                feed.url,
                byte_cap=self.settings.feed_bytes_max,
                accept=FEED_ACCEPT,
                etag=before.etag or None,
                last_modified=before.last_modified or None,
                headers=feed.headers,
            )
            parsed = None if fetched.not_modified else await self.parse(fetched, feed)
        except FetchError as error:
            wait = interval.after_failure(feed.interval, before.failures, error.retry_after, gone=error.gone)
            return await self._failed(feed, before, error.reason, error.detail, wait)
        except UnreadableFeed as error:
            wait = interval.after_failure(feed.interval, before.failures, None)
            return await self._failed(feed, before, error.reason, error.detail, wait)
        return await self._read(feed, before, fetched, parsed)

    async def _read(self, feed: Feed, before: FeedState, fetched: Fetched, parsed: ParsedFeed | None) -> str:
        fresh = await self.publish(feed, parsed.entries) if parsed else 0
        now = self.clock()
        outcome = "not-modified" if parsed is None else "new-entries" if fresh else "nothing-new"
        after = replace(
            before,
            etag=fetched.etag or (before.etag if fetched.not_modified else ""),
            last_modified=fetched.last_modified or (before.last_modified if fetched.not_modified else ""),
            failures=0,
            last_poll=now,
            last_success=now,
            last_new=now if fresh else before.last_new,
            outcome=outcome,
            detail="",
        )
        wait = interval.after_success(feed.interval, parsed.ttl if parsed else None, fetched.max_age)
        await self._advance(feed, after, wait)
        return outcome

    async def publish(self, feed: Feed, entries: Sequence[FeedEntry]) -> int:
        """Put the entries that say something new onto `pages.found`; how many those were."""
        pages = self._pages(feed, entries)
        groups: defaultdict[Partition, dict[str, FoundPage]] = defaultdict(dict)
        for page in pages:
            groups[partition_of(page.id, self.settings.partitions)].setdefault(page.id, page)
        fresh = 0
        for partition, distinct in groups.items():
            fresh += await self._publish(feed, partition, list(distinct.values()))
        return fresh

    def _pages(self, feed: Feed, entries: Sequence[FeedEntry]) -> list[FoundPage]:
        pages = []
        for entry in entries:
            try:
                pages.append(found_page(feed, entry, self.clock()))
            except BadUrlError as error:
                metrics.ENTRIES.labels("bad-link").inc()
                log.info("bad-link", extra={"feed": feed.id, "error": str(error)[:300]})
            except ValidationError as error:
                metrics.ENTRIES.labels("bad-entry").inc()
                fields = [".".join(map(str, e["loc"])) for e in error.errors(include_input=False)[:5]]
                log.warning("bad-entry", extra={"feed": feed.id, "fields": fields})
        return pages

    async def _publish(self, feed: Feed, partition: Partition, pages: Sequence[FoundPage]) -> int:
        """How many of these pages, all of one partition, were not published before as they are."""
        fresh = 0
        waiting = pages
        for _ in range(TRIES):
            answers = await self._try(feed, partition, waiting)
            fresh += sum(answer is Answer.PUBLISHED for answer in answers.values())
            # What another replica has just published may be what its older copy of the feed said.
            waiting = [page for page in waiting if answers.get(page.id) is Answer.CONFLICT]
            if not waiting:
                break
        else:
            raise TooBusy(f"{len(waiting)} pages are being published by others, {TRIES} times over")
        metrics.ENTRIES.labels("published").inc(fresh)
        metrics.ENTRIES.labels("repeated").inc(len(pages) - fresh)
        return fresh

    async def _try(self, feed: Feed, partition: Partition, pages: Sequence[FoundPage]) -> dict[str, Answer]:
        """The answers by page id; none for a page that is known as it is."""
        redis = self.redis()
        keys = [key("page", partition, page.id, feed.id) for page in pages]
        known = [(marker or b"").decode("utf-8", "replace") for marker in await redis.mget(keys)]
        publications = [
            Publication(Entry(page.id, page.model_dump_json().encode()), name, was, fingerprint(page))
            for page, name, was in zip(pages, keys, known, strict=True)
            # With replicas, what is known may be what too few of them had confirmed.
            if was != fingerprint(page) or self.settings.replicas_ack
        ]
        lifetime = self.settings.page_memory_seconds
        answers = await publish(
            redis, self.settings, PAGES, partition, publications, marker_lifetime=lifetime
        )
        return {p.entry.id: answer for p, answer in zip(publications, answers, strict=True)}

    async def _failed(self, feed: Feed, before: FeedState, reason: str, detail: str, wait: float) -> str:
        log.warning("poll-failed", extra={"feed": feed.id, "reason": reason, "detail": detail[:300]})
        after = replace(
            before,
            failures=before.failures + 1,
            last_poll=self.clock(),
            outcome=reason,
            detail=detail[:300],
        )
        await self._advance(feed, after, wait)
        return reason

    async def _advance(self, feed: Feed, after: FeedState, wait: float) -> None:
        """The feed moves on only now: a crash before this line polls it again, which publishes nothing twice."""
        await state.save(self.redis(), feed.id, after)
        await set_next(self.redis(), feed.id, self.clock() + int(wait * 1000))
        metrics.POLLS.labels(after.outcome).inc()

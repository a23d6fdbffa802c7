"""One poll: fetch if changed, read the entries, publish those that say something new, only then move on."""

from __future__ import annotations

import logging
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from warta_ingest.feeds import Feed
from warta_ingest.fetcher import FetchError
from warta_ingest.politeness import HostBusy
from warta_ingest.poll import after_poll, interval, state
from warta_ingest.poll.contents import FeedContents
from warta_ingest.poll.fetching import FeedAnswer, FeedFetching
from warta_ingest.poll.interval import Wait
from warta_ingest.poll.schedule import set_next
from warta_ingest.poll.state import FeedState
from warta_ingest.poll.unreadable import UnreadableFeed
from warta_ingest.registry import accounts
from warta_ingest.settings import IngestSettings
from warta_shared.delivery.client import Redis
from warta_shared.telemetry import metrics

log = logging.getLogger(__name__)

# A host whose line is full is tried again after one to two times so many seconds.
BUSY_SECONDS = 3.0
HOST_BUSY = "host-busy"


@dataclass(frozen=True, slots=True)
class Poller:
    """Polls one feed at a time. `clock` gives ms since 1970."""

    redis: Callable[[], Redis]
    fetching: FeedFetching
    contents: FeedContents
    settings: IngestSettings
    clock: Callable[[], int]

    async def poll(self, feed: Feed) -> str:
        """Poll and reschedule; the outcome's name. Redis' errors leave the feed to its lease."""
        # What begins later than this might not be done when the lease runs out.
        until = time.monotonic() + self.settings.poll_lease / 3
        before = await state.load(self.redis(), feed.id)
        if before.url != feed.url:
            before = FeedState(url=feed.url, last_new=before.last_new, gap=before.gap)
        try:
            answer = await self.fetching.feed(feed, before, self.clock())
            return await self._read(feed, before, answer, until)
        except (FetchError, UnreadableFeed) as error:
            return await self._failed(feed, before, error)
        except HostBusy as busy:
            return await self._later(feed, before, busy)

    async def _read(self, feed: Feed, before: FeedState, answer: FeedAnswer, until: float) -> str:
        first = not before.last_success
        found = await self.contents.publish(feed, answer.feed, until, first=first)
        after = after_poll.read(feed, before, answer, found, self.clock())
        await self._advance(
            feed, after, after_poll.next_wait(feed, after, answer, self.clock()), found.counts
        )
        return after.outcome

    async def _failed(self, feed: Feed, before: FeedState, error: FetchError | UnreadableFeed) -> str:
        gone = isinstance(error, FetchError) and error.gone
        retry_after = error.retry_after if isinstance(error, FetchError) else None
        log.warning(
            "poll-failed", extra={"feed": feed.id, "reason": error.reason, "detail": error.detail[:300]}
        )
        after = after_poll.failed(before, error.reason, error.detail, self.clock(), gone=gone)
        wait = (
            interval.after_gone((after.last_poll - after.gone_since) / 1000)
            if gone
            else interval.after_failure(feed.interval, before.failures, retry_after)
        )
        await self._advance(feed, after, wait, Counter())
        return after.outcome

    async def _later(self, feed: Feed, before: FeedState, busy: HostBusy) -> str:
        """Nothing was asked, and so nothing failed: its host has enough to do, or wants to be left alone."""
        wait = Wait(busy.seconds + BUSY_SECONDS * (1 + random.random()), "host")  # noqa: S311 -- jitter
        await state.save(self.redis(), feed.id, replace(before, wait=wait.seconds, why=wait.why))
        await set_next(self.redis(), feed.id, self.clock() + int(wait.seconds * 1000))
        metrics.POLLS.labels(HOST_BUSY).inc()
        return HOST_BUSY

    async def _advance(self, feed: Feed, after: FeedState, wait: Wait, counts: Counter[str]) -> None:
        """The feed moves on only now: a crash before this line polls it again, which publishes nothing twice."""
        redis, now = self.redis(), self.clock()
        await state.save(redis, feed.id, replace(after, wait=wait.seconds, why=wait.why))
        await set_next(redis, feed.id, now + int(wait.seconds * 1000))
        metrics.POLLS.labels(after.outcome).inc()
        await accounts.count(redis, feed.id, now, {**counts, accounts.POLL + after.outcome: 1})

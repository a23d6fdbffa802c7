"""How all feeds are doing, as metrics: what stands in the dashboards and wakes people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from heapq import nlargest

from warta_ingest.feeds import store
from warta_ingest.poll import schedule, state
from warta_ingest.poll.condition import Condition, condition
from warta_ingest.poll.state import FeedState
from warta_shared.delivery.client import Redis
from warta_shared.telemetry import metrics

# Feeds that have series of their own: of a hundred thousand, nobody could read them all.
WORST = 20


@dataclass(frozen=True, slots=True)
class FeedsWatch:
    """Called every `feeds_watch` seconds by each replica; `clock` gives ms since 1970."""

    redis: Callable[[], Redis]
    clock: Callable[[], int]

    async def __call__(self) -> None:
        """Set the gauges."""
        redis, now = self.redis(), self.clock()
        _, stored = await store.stored_feeds(redis)
        enabled = [feed_id for feed_id, known in stored.items() if known.feed.enabled]
        states = await state.load_many(redis, enabled)
        counts = Counter(condition(known, now) for known in states.values())
        for word in Condition:
            metrics.FEEDS.labels(word.value).set(counts[word])
        metrics.FEEDS_OVERDUE.set(await schedule.overdue(redis, now))
        due = await schedule.due_times(redis)
        _tell_together(states, due, now)
        _tell_worst(states, due, now)


def _tell_together(states: Mapping[str, FeedState], due: Mapping[str, int], now: int) -> None:
    """All feeds in a few numbers; `due` and `now` in ms since 1970, 0 in `due` is a poll by command."""
    first = min((at for at in due.values() if at), default=None)
    if first is not None:
        metrics.FEEDS_NEXT_POLL.set(first / 1000)
    metrics.FEEDS_LONGEST_OVERDUE.set(max(0, now - (first or now)) / 1000)
    if success := max((known.last_success for known in states.values()), default=0):
        metrics.FEEDS_LAST_SUCCESS.set(success / 1000)
    if new := max((known.last_new for known in states.values()), default=0):
        metrics.FEEDS_LAST_NEW.set(new / 1000)


def _tell_worst(states: Mapping[str, FeedState], due: Mapping[str, int], now: int) -> None:
    """Those that failed most often in a row, anew each time: one that answers again has no series any more."""
    for gauge in (metrics.FEED_FAILURES, metrics.FEED_SUCCESS_AGE, metrics.FEED_NEXT_POLL):
        gauge.clear()
    failing = [feed_id for feed_id, known in states.items() if known.failures]
    for feed_id in nlargest(WORST, failing, key=lambda one: states[one].failures):
        known = states[feed_id]
        metrics.FEED_FAILURES.labels(feed_id).set(known.failures)
        if known.last_success:
            metrics.FEED_SUCCESS_AGE.labels(feed_id).set((now - known.last_success) / 1000)
        if feed_id in due:
            metrics.FEED_NEXT_POLL.labels(feed_id).set((due[feed_id] - now) / 1000)

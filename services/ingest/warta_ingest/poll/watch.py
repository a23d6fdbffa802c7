"""How all feeds are doing, as metrics: what stands in the dashboards and wakes people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from warta_ingest.feeds import store
from warta_ingest.poll import schedule, state
from warta_ingest.poll.condition import Condition, condition
from warta_shared.delivery.broker import Redis
from warta_shared.telemetry import metrics


@dataclass(frozen=True, slots=True)
class FeedsWatch:
    """Called once a minute by each replica; `clock` gives ms since 1970."""

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

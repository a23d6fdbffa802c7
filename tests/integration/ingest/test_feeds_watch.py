"""All feeds as metrics: a few numbers for all of them, series of their own for the worst."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from prometheus_client import REGISTRY

from drafts import NOON_MS, feed, settings
from ingest_servers import connected
from warta_ingest.feeds import store
from warta_ingest.feeds.store import ANY, Origin, StoredFeed
from warta_ingest.poll import schedule, state
from warta_ingest.poll.state import FeedState
from warta_ingest.poll.watch import WORST, FeedsWatch
from warta_shared.delivery.client import Redis

MINUTE_MS = 60_000


def value(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(name, labels)


async def watched(redis: Redis, states: Mapping[str, FeedState]) -> None:
    """One round with these feeds in these states, due a minute after each other from NOON on."""
    changes = [
        (one, ANY, StoredFeed.of(feed(id=one, url=f"https://kabar.example/{one}"), Origin.COMMAND).record)
        for one in states
    ]
    assert await store.change(redis, changes) == []
    await schedule.synchronise(redis, states, NOON_MS)
    for number, (feed_id, known) in enumerate(states.items()):
        await state.save(redis, feed_id, known)
        await schedule.set_next(redis, feed_id, NOON_MS + number * MINUTE_MS)
    await FeedsWatch(lambda: redis, lambda: NOON_MS + 5 * MINUTE_MS)()


def ok(minute: int) -> FeedState:
    at = NOON_MS + minute * MINUTE_MS
    return FeedState(outcome="nothing-new", first_success=at, last_success=at, last_poll=at, last_new=at)


async def test_all_feeds_in_a_few_numbers(redis_url: str) -> None:
    async with connected(settings(redis_url=redis_url)) as redis:
        await watched(redis, {"a": ok(-9), "b": ok(-2), "c": FeedState()})
    assert (value("warta_feeds", condition="ok"), value("warta_feeds", condition="never-polled")) == (2, 1)
    assert value("warta_feeds_longest_overdue_seconds") == 300
    assert value("warta_feeds_next_poll_timestamp_seconds") == NOON_MS / 1000
    assert value("warta_feeds_last_success_timestamp_seconds") == NOON_MS / 1000 - 120
    assert value("warta_feeds_last_new_entry_timestamp_seconds") == NOON_MS / 1000 - 120


async def test_the_worst_feeds_by_name_and_no_more(redis_url: str) -> None:
    states = {f"f{n}": FeedState(outcome="http-500", failures=n) for n in range(1, WORST + 6)}
    async with connected(settings(redis_url=redis_url)) as redis:
        await watched(redis, {**states, "fine": ok(0)})
        shown = [n for n in range(WORST + 6) if value("warta_feed_failures", feed=f"f{n}") == n]
        assert shown == list(range(6, WORST + 6))
        assert value("warta_feed_failures", feed="fine") is None
        assert value("warta_feed_last_success_age_seconds", feed="f9") is None
        assert value("warta_feed_next_poll_seconds", feed="f9") == 180
        await watched(redis, dict.fromkeys(states, ok(0)))
        assert value("warta_feed_failures", feed="f9") is None


@pytest.mark.parametrize("due", [0, NOON_MS])
async def test_a_poll_by_command_is_not_overdue_since_1970(redis_url: str, due: int) -> None:
    async with connected(settings(redis_url=redis_url)) as redis:
        await schedule.synchronise(redis, ["a"], NOON_MS)
        await schedule.set_next(redis, "a", due)
        await FeedsWatch(lambda: redis, lambda: NOON_MS)()
    assert value("warta_feeds_longest_overdue_seconds") == 0

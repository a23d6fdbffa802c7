"""Whether the feeds bring news: how many there are, which are in trouble, whether polling keeps up."""

from __future__ import annotations

import time
from collections import Counter

from redis.exceptions import RedisError

from warta_ingest.feeds import store
from warta_ingest.poll import schedule, state
from warta_ingest.poll.condition import TROUBLE, Condition, condition
from warta_shared.delivery.address import InvalidRedisUrl
from warta_shared.delivery.client import Redis, opened
from warta_shared.doctor.finding import Finding, graded, ok, skipped, warn
from warta_shared.settings import RedisSettings

NAMED = 5
"""So many of the feeds in trouble are told by name."""
LATE_MS = 300_000
"""A feed that is due for this long is overdue."""


async def examine() -> list[Finding]:
    """Skipped where Redis gives no answer: the examination of Redis tells why."""
    try:
        async with opened(RedisSettings()) as redis:
            return await _findings(redis, time.time_ns() // 1_000_000)
    except (InvalidRedisUrl, RedisError, OSError):
        return [skipped("feeds", "Redis gives no answer")]


async def _findings(redis: Redis, now: int) -> list[Finding]:
    _, stored = await store.stored_feeds(redis)
    enabled = [one for one, known in stored.items() if known.feed.enabled]
    words = {one: condition(doing, now) for one, doing in (await state.load_many(redis, enabled)).items()}
    late = await schedule.overdue(redis, now - LATE_MS)
    return [conditions_finding(words), overdue_finding(late, len(words))]


def conditions_finding(words: dict[str, Condition]) -> Finding:
    """Of the condition of each enabled feed."""
    if not words:
        return ok("feeds", "none: news comes by push or from files")
    counts = Counter(words.values())
    says = ", ".join(f"{number} {word}" for word, number in sorted(counts.items()))
    troubled = sorted(one for one, word in words.items() if word in TROUBLE)
    named = ", ".join(troubled[:NAMED]) + (" ..." if len(troubled) > NAMED else "")
    bad = len(troubled) == len(words)
    return graded(
        "feeds",
        f"{says}: {named}" if named else says,
        "warta feeds health --trouble",
        fails=bad,
        warns=bool(named),
    )


def overdue_finding(late: int, feeds: int) -> Finding:
    """How many feeds should have been polled five minutes ago."""
    if not late:
        return ok("polling", "keeps up")
    return warn(
        "polling",
        f"{late} of {feeds} feeds are overdue",
        "Is ingest ready? `polling-waits` in its log says why not.",
    )

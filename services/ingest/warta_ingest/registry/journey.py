"""What became of each page that was found: one short record a page, for `warta trace` and the accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from warta_shared.delivery.broker import Redis
from warta_shared.delivery.names import key, partition_of


@dataclass(frozen=True, slots=True)
class Step:
    """The latest of a page: `outcome` is one word, `article` the id it led to ('' where it led to none)."""

    page: str
    url: str
    feed: str
    outcome: str
    at: int
    detail: str = ""
    article: str = ""


async def record(redis: Redis, partitions: int, steps: Sequence[Step], lifetime: float) -> None:
    """Write the steps; `lifetime` in seconds. Each is its own idempotent write."""
    for step in steps:
        name = key("page-fate", partition_of(step.page, partitions), step.page)
        value = {
            "url": step.url,
            "feed": step.feed,
            "outcome": step.outcome,
            "at": step.at,
            "detail": step.detail[:300],
            "article": step.article,
        }
        await redis.set(name, orjson.dumps(value), px=int(lifetime * 1000))


async def last_step(redis: Redis, partitions: int, page: str) -> Step | None:
    """The latest of a page, None when it is not remembered."""
    raw = await redis.get(key("page-fate", partition_of(page, partitions), page))
    return Step(page=page, **orjson.loads(raw)) if raw else None

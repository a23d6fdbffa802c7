"""What became of each page that was found: one short record a page, for `warta trace` and the accounts."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

import orjson

from warta_shared.delivery.broker import Redis
from warta_shared.delivery.names import key, partition_of

DETAIL_MAX = 300


@dataclass(frozen=True, slots=True)
class Step:
    """The latest of a page; `at` in ms since 1970.

    `outcome` is its message's (done, retry, dead) and `reason` says why, as in logs and metrics; `article` is
    the id it led to ('' where it led to none).
    """

    page: str
    url: str
    feed: str
    outcome: str
    reason: str
    at: int
    detail: str = ""
    article: str = ""


async def record(redis: Redis, partitions: int, step: Step, lifetime: float) -> None:
    """Write the step in place of the page's last one; `lifetime` in seconds."""
    value = asdict(step) | {"detail": step.detail[:DETAIL_MAX]}
    del value["page"]
    await redis.set(_key(step.page, partitions), orjson.dumps(value), px=int(lifetime * 1000))


async def last_step(redis: Redis, partitions: int, page: str) -> Step | None:
    """The latest of a page, None when it is not remembered (or a later release wrote it in another way)."""
    raw = await redis.get(_key(page, partitions))
    try:
        value: dict[str, Any] = orjson.loads(raw or b"null") or {}
        known = {field.name: value[field.name] for field in fields(Step) if field.name in value}
        return Step(page=page, **known) if known else None
    except (TypeError, ValueError):
        return None


def _key(page: str, partitions: int) -> str:
    return key("page-fate", partition_of(page, partitions), page)

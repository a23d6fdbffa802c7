"""When each feed is polled next: one sorted set in Redis, shared by all replicas."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from warta_shared.delivery.client import Redis
from warta_shared.delivery.names import key

KEY = key("feeds", None, "due")


@cache
def _claim_script() -> str:
    return files(__package__).joinpath("claim.lua").read_text(encoding="utf-8")


async def synchronise(redis: Redis, feed_ids: Iterable[str], now: int) -> set[str]:
    """Make the schedule hold exactly these feeds; a new one is due at `now` (ms). Returns those dropped."""
    declared = set(feed_ids)
    scheduled = {member.decode() for member in await redis.zrange(KEY, 0, -1)}
    if fresh := declared - scheduled:
        await redis.zadd(KEY, dict.fromkeys(fresh, now), nx=True)
    if dropped := scheduled - declared:
        await redis.zrem(KEY, *dropped)
    return dropped


async def claim(redis: Redis, now: int, lease: float, most: int) -> dict[str, int]:
    """The feeds that are due, leased to us for `lease` seconds: when each was due, in ms since 1970."""
    until = now + int(lease * 1000)
    found: list[bytes] = await redis.eval(_claim_script(), 1, KEY, now, until, most)
    return {feed.decode(): int(float(at)) for feed, at in zip(found[::2], found[1::2], strict=True)}


async def overdue(redis: Redis, now: int) -> int:
    """How many feeds are due and not leased."""
    return int(await redis.zcount(KEY, "-inf", now))


async def set_next(redis: Redis, feed_id: str, at: int) -> None:
    """The feed's next poll, at `at` (ms); not for a feed that was removed meanwhile."""
    await redis.zadd(KEY, {feed_id: at}, xx=True)


async def due_times(redis: Redis) -> dict[str, int]:
    """The next poll of every feed, ms since 1970."""
    return {feed.decode(): int(at) for feed, at in await redis.zrange(KEY, 0, -1, withscores=True)}

"""Consumer groups, made at entry 0 before anything reads: a group made at `$` never sees what came before it."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from redis.exceptions import RedisError, ResponseError

from warta_shared.delivery.client import Redis
from warta_shared.delivery.hop import HOPS, Hop
from warta_shared.delivery.names import Partition, partitions

log = logging.getLogger(__name__)

LONGEST_WAIT_SECONDS = 10.0


def expected_groups(stream_name: str) -> tuple[str, ...]:
    """The groups that must have read an entry of this stream before it may be trimmed."""
    return tuple(hop.name for hop in HOPS if hop.source == stream_name)


async def groups_of(redis: Redis, stream_key: str) -> dict[str, dict[str, Any]]:
    """What Redis tells of each group of a stream, by name; none when there is no stream."""
    try:
        return {group["name"].decode(): group for group in await redis.xinfo_groups(stream_key)}
    except ResponseError as error:
        if "no such key" in str(error).lower():
            return {}
        raise


def position(entry_id: bytes) -> tuple[int, int]:
    """Of an entry within its stream, as Redis orders them: milliseconds and a number."""
    milliseconds, _, number = entry_id.partition(b"-")
    return int(milliseconds), int(number or 0)


async def ensure_groups(redis: Redis, hops: tuple[Hop, ...], count: int) -> list[str]:
    """Make the groups that are missing; returns the streams where one was.

    Asks first, since XGROUP CREATE fails when memory is full even for a group that exists, and a restarted
    consumer must be able to start and drain.
    """
    made = []
    for hop in hops:
        for partition in partitions(count):
            if await _ensure_group(redis, hop, partition):
                made.append(hop.source_key(partition))
    return made


async def _ensure_group(redis: Redis, hop: Hop, partition: Partition) -> bool:
    source = hop.source_key(partition)
    if hop.name in await groups_of(redis, source):
        return False
    try:
        # Not redis.xgroup_create: reads.py answers that one in place of Redis.
        await redis.execute_command("XGROUP CREATE", source, hop.name, "0", "MKSTREAM")
    except ResponseError as error:
        if not str(error).startswith("BUSYGROUP"):
            raise
        return False
    return True


async def wait_for_groups(redis: Redis, hops: tuple[Hop, ...], count: int) -> None:
    """`ensure_groups`, waiting for as long as Redis is away: a service that starts first is no failure."""
    wait = 0.2
    while True:
        try:
            await ensure_groups(redis, hops, count)
        except (RedisError, OSError) as error:
            extra = {"error": f"{type(error).__name__}: {error}"[:300], "retry_seconds": wait}
            log.warning("redis-away", extra=extra)
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT_SECONDS)
        else:
            return

"""How a hop is doing, as Redis tells it: the gauges that every replica sets alike."""

from __future__ import annotations

import logging
import math
import time

from redis.exceptions import ResponseError

from warta_shared.delivery import dead_letters, scripts
from warta_shared.delivery.client import Redis
from warta_shared.delivery.groups import groups_of, position
from warta_shared.delivery.hop import Hop
from warta_shared.delivery.names import Partition, partitions
from warta_shared.delivery.stages import hop_stage
from warta_shared.telemetry import metrics

log = logging.getLogger(__name__)


async def measure(redis: Redis, hop: Hop, count: int) -> None:
    """Set the age of the oldest message of `hop`, the number of dead letters and what went unread."""
    metrics.OLDEST_AGE.labels(hop.name).set(await oldest_age(redis, hop, count))
    metrics.DEAD_LETTERS.set(await dead_letters.number(redis, count))
    metrics.RESIDUAL.labels(hop.name).set(await _residual(redis, hop, count))


async def oldest_age(redis: Redis, hop: Hop, count: int) -> float:
    """Seconds since the oldest message that is not settled was added, over all partitions; 0 for none.

    An entry's id begins with the milliseconds of Redis' clock, so two clocks that differ show here.
    """
    added = [await _oldest(redis, hop, partition) for partition in partitions(count)]
    oldest = min((one for one in added if one is not None), default=None)
    return 0.0 if oldest is None else max(0.0, time.time() - oldest / 1000)


async def _oldest(redis: Redis, hop: Hop, partition: Partition) -> int | None:
    """When the oldest message of a partition was added, ms since 1970: the first that is pending, or that waits."""
    source = hop.source_key(partition)
    group = (await groups_of(redis, source)).get(hop.name)
    after = f"({group['last-delivered-id'].decode()}" if group else "-"
    found = [head[0] for head in await scripts.run(redis, "heads", [source], [after, "+", "1"])]
    if group and group["pending"]:
        found.append((await redis.xpending(source, hop.name))["min"])
    return min((position(entry_id)[0] for entry_id in found if entry_id), default=None)


async def _residual(redis: Redis, hop: Hop, count: int) -> float:
    """Unknown where the Redis user is of an earlier release, which may not ask."""
    try:
        return (await hop_stage(redis, hop, count)).unread
    except ResponseError as error:
        log.warning("conservation-unknown", extra={"hop": hop.name, "error": str(error)[:300]})
        return math.nan

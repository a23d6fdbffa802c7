"""How much waits between two services, and whether a producer may add to it."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

from redis.exceptions import RedisError

from warta_shared.delivery import scripts
from warta_shared.delivery.client import Redis
from warta_shared.delivery.groups import groups_of
from warta_shared.delivery.hop import HOPS, Hop
from warta_shared.delivery.names import Partition, partitions
from warta_shared.settings import DeliverySettings

log = logging.getLogger(__name__)

COUNT_PAGE = 100
# What `refusal` can answer.
REFUSALS = ("backlog", "memory", "redis-away")
REFUSAL_DEADLINE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Backlog:
    """`waiting` was never given out, `pending` was and is not yet settled."""

    waiting: int = 0
    pending: int = 0

    @property
    def total(self) -> int:
        """Everything not settled."""
        return self.waiting + self.pending

    def __add__(self, other: Backlog) -> Backlog:
        return Backlog(self.waiting + other.waiting, self.pending + other.pending)


async def backlog(redis: Redis, hop: Hop, count: int) -> Backlog:
    """The sum over all partitions."""
    total = Backlog()
    for partition in partitions(count):
        total += await _partition_backlog(redis, hop, partition)
    return total


async def _partition_backlog(redis: Redis, hop: Hop, partition: Partition) -> Backlog:
    source = hop.source_key(partition)
    group = (await groups_of(redis, source)).get(hop.name)
    if group is None:
        return Backlog(waiting=await redis.xlen(source))
    waiting = group.get("lag")
    if waiting is None:
        # Redis cannot tell after an XDEL in the middle: count what lies behind the last given out.
        waiting = await count_after(redis, source, group["last-delivered-id"].decode())
    return Backlog(waiting=int(waiting), pending=int(group["pending"]))


async def count_after(redis: Redis, source: str, last: str, until: str = "+") -> int:
    """How many entries lie behind that id, up to another; in small steps, since bodies are large and others wait."""
    number = 0
    while page := await scripts.run(redis, "heads", [source], [f"({last}", until, COUNT_PAGE]):
        number += len(page)
        last = page[-1][0].decode()
    return number


async def memory_ratio(redis: Redis) -> float:
    """Used memory of the fullest node as a share of its limit; 0 where no limit is set."""
    everywhere = {"target_nodes": "primaries"} if hasattr(redis, "get_node_from_key") else {}
    info = await redis.info("memory", **everywhere)
    nodes = info.values() if everywhere and "maxmemory" not in info else [info]
    return max(
        (node["used_memory"] / node["maxmemory"] for node in nodes if node.get("maxmemory")), default=0.0
    )


async def refusal(redis: Redis, settings: DeliverySettings) -> str:
    """Why producers must wait now: `backlog`, `memory` or `redis-away`; '' when they may publish."""
    try:
        async with asyncio.timeout(REFUSAL_DEADLINE_SECONDS):
            for hop in HOPS:
                if (await backlog(redis, hop, settings.partitions)).total > settings.max_backlog:
                    return "backlog"
            if await memory_ratio(redis) > settings.max_memory_ratio:
                return "memory"
    except (RedisError, OSError) as error:
        log.warning("redis-away", extra={"error": f"{type(error).__name__}: {error}"[:300]})
        return "redis-away"
    return ""

"""Conservation at each stage: what was put onto a stream was settled, is pending, or waits; the rest went unread."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from warta_shared.delivery import scripts
from warta_shared.delivery.backlog import count_after
from warta_shared.delivery.client import Redis
from warta_shared.delivery.hop import HOPS, Hop
from warta_shared.delivery.names import Partition, partitions

log = logging.getLogger(__name__)

UNTOLD = -1


@dataclass(frozen=True, slots=True)
class Stage:
    """Messages since Redis has the stream. `unread` were removed before they were settled: it must be 0.

    added = settled + pending + waiting + unread. What was settled before it was counted (by the first look of this
    release, or after the stream was made anew) is what was neither pending nor waiting then.
    """

    hop: str
    added: int = 0
    settled: int = 0
    pending: int = 0
    waiting: int = 0
    unread: int = 0

    def __add__(self, other: Stage) -> Stage:
        return Stage(
            self.hop,
            self.added + other.added,
            self.settled + other.settled,
            self.pending + other.pending,
            self.waiting + other.waiting,
            self.unread + other.unread,
        )


async def stages(redis: Redis, count: int) -> list[Stage]:
    """Each hop, over all partitions, in the order of the data."""
    return [await hop_stage(redis, hop, count) for hop in HOPS]


async def hop_stage(redis: Redis, hop: Hop, count: int) -> Stage:
    """One hop, over all partitions."""
    total = Stage(hop.name)
    for partition in partitions(count):
        total += await _stage(redis, hop, partition)
    return total


async def count_anew(redis: Redis, count: int) -> None:
    """What is missing was accounted for otherwise: the next look begins to count, with nothing unread."""
    for hop in HOPS:
        for partition in partitions(count):
            await redis.unlink(hop.settled_key(partition))


async def _stage(redis: Redis, hop: Hop, partition: Partition) -> Stage:
    keys = [hop.source_key(partition), hop.settled_key(partition)]
    added, settled, pending, waiting, last, newest = await scripts.run(redis, "stage", keys, [hop.name])
    if waiting == UNTOLD:
        waiting = await count_after(redis, keys[0], last.decode(), newest.decode())
    elif last and (settled < 0 or settled + pending + waiting > added):
        counted = await count_after(redis, keys[0], last.decode(), newest.decode())
        if not await scripts.run(redis, "recount", keys, [hop.name, waiting - counted]):
            log.warning("group-not-put-right", extra={"hop": hop.name, "stream": keys[0]})
        waiting = counted
        if settled < 0 or settled + pending + waiting > added:
            settled = added - pending - waiting
    settled = max(settled, 0)
    return Stage(hop.name, added, settled, pending, waiting, max(0, added - settled - pending - waiting))

"""Conservation at each stage: what was put onto a stream was given out, or waits; the rest went unread."""

from __future__ import annotations

from dataclasses import dataclass

from redis.exceptions import ResponseError

from warta_shared.delivery.broker import Redis
from warta_shared.delivery.groups import groups_of
from warta_shared.delivery.hop import HOPS, Hop
from warta_shared.delivery.names import Partition, partitions


@dataclass(frozen=True, slots=True)
class Stage:
    """Messages since Redis has the stream. `unread` were removed before they were given out: it must be 0.

    added = settled + pending + waiting + unread.
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
    found = []
    for hop in HOPS:
        total = Stage(hop.name)
        for partition in partitions(count):
            total += await _stage(redis, hop, partition)
        found.append(total)
    return found


async def _stage(redis: Redis, hop: Hop, partition: Partition) -> Stage:
    source = hop.source_key(partition)
    try:
        added = int((await redis.xinfo_stream(source))["entries-added"])
    except ResponseError as error:
        if "no such key" in str(error).lower():
            return Stage(hop.name)
        raise
    group = (await groups_of(redis, source)).get(hop.name)
    if group is None:
        return Stage(hop.name, added, waiting=added)
    given_out, waiting, pending = group["entries-read"], group["lag"], int(group["pending"])
    if given_out is None or waiting is None:  # Redis cannot tell after a deletion in the middle
        return Stage(hop.name, added, max(0, added - pending), pending)
    # What was added between the two questions is not there yet.
    unread = max(0, added - int(given_out) - int(waiting))
    return Stage(hop.name, added, int(given_out) - pending, pending, int(waiting), unread)

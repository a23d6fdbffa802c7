"""Entries of the streams that nobody has settled yet, and all dead letters."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import chain

from warta_shared.delivery.client import Redis
from warta_shared.delivery.groups import expected_groups, groups_of, position
from warta_shared.delivery.names import Partition, partitions, stream
from warta_shared.keyspace.kept import STREAMS
from warta_shared.keyspace.record import Kind, Record

PAGE = 100


async def unsettled(redis: Redis, partition_count: int) -> AsyncIterator[Record]:
    """From the oldest entry of each stream that may have to be delivered; later ones that are settled come along.

    Delivering those again does no harm: what they lead to is there, in this version or a newer one.
    """
    for name in STREAMS:
        for partition in partitions(partition_count):
            async for record in _entries(redis, name, partition):
                yield record


async def _entries(redis: Redis, name: str, partition: Partition) -> AsyncIterator[Record]:
    key = stream(name, partition)
    first = await _oldest(redis, key, expected_groups(name))
    while page := await redis.xrange(key, first, "+", count=PAGE):
        for entry_id, fields in page:
            yield Record(key, Kind.ENTRY, tuple(chain.from_iterable(fields.items())), id=entry_id.decode())
        first = f"({page[-1][0].decode()}"


async def _oldest(redis: Redis, key: str, expected: tuple[str, ...]) -> str:
    """Where to begin, as XRANGE takes it."""
    groups = await groups_of(redis, key)
    if not expected or not all(name in groups for name in expected):
        return "-"
    begins = []
    for name in expected:
        summary = await redis.xpending(key, name)
        if summary["pending"]:
            begins.append((summary["min"], ""))
        else:
            begins.append((groups[name]["last-delivered-id"], "("))
    entry_id, behind = min(begins, key=lambda begin: position(begin[0]))
    return f"{behind}{entry_id.decode()}"

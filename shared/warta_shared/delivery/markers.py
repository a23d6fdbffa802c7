"""What a producer remembers of each id, so that it publishes once: many small records in few hashes.

A key of its own costs Redis some 100 bytes before the first byte of its value; as a field of a small hash, which
Redis keeps packed (`hash-max-listpack-entries`, `-value`), a record costs four.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from typing import NamedTuple

from warta_shared.delivery import scripts
from warta_shared.delivery.client import Redis
from warta_shared.delivery.names import Partition, key, partition_of, partitions
from warta_shared.events import article_id

# Hashes of one name, in all partitions together: some 30 records each at a million, 300 at ten millions.
BUCKETS = 32_768
HOUR_MS = 3_600_000
AT_ONCE = 256
# Before each record: the hour when it was last written, since 1970 (publish.lua).
_STAMP_BYTES = 3


class Place(NamedTuple):
    """Where the record of an id lies."""

    bucket: str
    field: bytes


class Marked(NamedTuple):
    """A record as it was read: '' for none; `written` is the beginning of the hour, ms since 1970."""

    marker: bytes = b""
    written: int = 0


class Amendment(NamedTuple):
    """`marker` where `expected` stands."""

    where: Place
    expected: bytes
    marker: bytes


def place(name: str, identity: str, partition_count: int) -> Place:
    """The place of an article's or page's id; raises ValueError for what is none."""
    raw = article_id.raw(identity)
    number = int.from_bytes(raw[:4]) % _buckets(partition_count)
    return Place(_bucket(name, partition_of(identity, partition_count), number), raw)


async def read(redis: Redis, places: Sequence[Place]) -> list[Marked]:
    """The records at these places, in order."""
    pipe = redis.pipeline(transaction=False)
    for bucket, field in places:
        pipe.hget(bucket, field)
    return [_marked(raw) for raw in (await pipe.execute() if places else [])]


async def amend(redis: Redis, where: Place, expected: bytes, marker: bytes, lifetime: float) -> bool:
    """Put `marker` where `expected` stands, without publishing anything; False when something else stands there.

    `lifetime` in seconds, as for `publish`.
    """
    [done] = await amend_all(redis, [Amendment(where, expected, marker)], lifetime)
    return done


async def amend_all(redis: Redis, amendments: Sequence[Amendment], lifetime: float) -> list[bool]:
    """As `amend`, many of one partition in one step."""
    if not amendments:
        return []
    # The first key is that of the stream, to which nothing is added here.
    arguments: list[str | bytes] = [str(int(lifetime * 1000)), "0"]
    for where, expected, marker in amendments:
        arguments += [where.field, expected, marker]
    keys = [amendments[0].where.bucket, *(one.where.bucket for one in amendments)]
    return [bool(answer) for answer in await scripts.run(redis, "publish", keys, arguments)]


async def every(redis: Redis, name: str, partition_count: int) -> AsyncIterator[tuple[str, Marked]]:
    """All ids and their records, bucket by bucket; what is written meanwhile may be missing."""
    for some in _batches(name, partition_count):
        pipe = redis.pipeline(transaction=False)
        for bucket in some:
            pipe.hgetall(bucket)
        for records in await pipe.execute():
            for field, raw in records.items():
                yield article_id.written(field), _marked(raw)


def _batches(name: str, partition_count: int) -> Iterator[list[str]]:
    for partition in partitions(partition_count):
        for start in range(0, _buckets(partition_count), AT_ONCE):
            end = min(start + AT_ONCE, _buckets(partition_count))
            yield [_bucket(name, partition, number) for number in range(start, end)]


def _buckets(partition_count: int) -> int:
    return max(1, BUCKETS // max(1, partition_count))


def _bucket(name: str, partition: Partition, number: int) -> str:
    return key(name, partition, f"{number:x}")


def _marked(raw: bytes | None) -> Marked:
    if raw is None:
        return Marked()
    return Marked(raw[_STAMP_BYTES:], int.from_bytes(raw[:_STAMP_BYTES]) * HOUR_MS)

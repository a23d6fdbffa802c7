"""Keys out of Redis, on one server or a cluster: memory does not grow with their number."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from itertools import chain
from typing import Any

from warta_shared.delivery.client import Redis
from warta_shared.keyspace.kept import LAST, Part, name_of, part_of
from warta_shared.keyspace.record import Kind, Record

AT_ONCE = 500
# Of one key on a line: fields and values, or members and scores.
VALUES_MAX = 2_000


async def spelled(redis: Redis, wanted: Callable[[str], bool]) -> AsyncIterator[list[str]]:
    """All keys that are wanted, some at a time; those that are there from first to last are found (SCAN)."""
    batch: list[str] = []
    async for raw in redis.scan_iter(count=AT_ONCE):
        if wanted(found := raw.decode("utf-8", "replace")):
            batch.append(found)
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


async def records(redis: Redis, part: Part) -> AsyncIterator[Record]:
    """What the keys of a part hold (streams: see `unsettled`)."""

    def wanted(key: str) -> bool:
        return part_of(name_of(key)) is part and key not in LAST

    async for keys in spelled(redis, wanted):
        for record in await _held(redis, keys):
            yield record
    if part is Part.STATE:
        for record in await _held(redis, LAST):
            yield record


async def _held(redis: Redis, keys: Sequence[str]) -> list[Record]:
    pipe = redis.pipeline(transaction=False)
    for key in keys:
        pipe.type(key)
        pipe.pttl(key)
    told = await pipe.execute()
    known = [
        (key, Kind(kind.decode()), ttl if ttl >= 0 else None)
        for key, kind, ttl in zip(keys, told[::2], told[1::2], strict=True)
        if kind != b"none"
    ]
    pipe = redis.pipeline(transaction=False)
    for key, kind, _ in known:
        _ask(pipe, key, kind)
    answers = await pipe.execute() if known else []
    return [
        record
        for (key, kind, ttl), answer in zip(known, answers, strict=True)
        for record in _records(key, kind, ttl, answer)
    ]


def _ask(pipe: Any, key: str, kind: Kind) -> None:
    if kind is Kind.STRING:
        pipe.get(key)
    elif kind is Kind.HASH:
        pipe.hgetall(key)
    else:
        pipe.zrange(key, 0, -1, withscores=True)


def _records(key: str, kind: Kind, ttl: int | None, answer: Any) -> Iterable[Record]:
    """Nothing of a key that ended meanwhile."""
    if not answer and answer != b"":
        return
    values = _values(kind, answer)
    for start in range(0, len(values), VALUES_MAX):
        yield Record(key, kind, values[start : start + VALUES_MAX], ttl)


def _values(kind: Kind, answer: Any) -> tuple[bytes, ...]:
    if kind is Kind.STRING:
        return (answer,)
    if kind is Kind.HASH:
        return tuple(chain.from_iterable(answer.items()))
    return tuple(chain.from_iterable((member, repr(score).encode()) for member, score in answer))

"""Records back into Redis. What is there already was written later and stays, so that a second time changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from redis.exceptions import ResponseError

from warta_shared.delivery.client import Redis
from warta_shared.keyspace.kept import COUNTER
from warta_shared.keyspace.record import Kind, Record

_TOO_OLD = "equal or smaller"


async def write(redis: Redis, records: Sequence[Record]) -> None:
    """Put them back, each key for as long as it had left. Raises redis-py's errors."""
    pipe = redis.pipeline(transaction=False)
    for record in records:
        _put(pipe, record)
    if any(record.kind is not Kind.ENTRY for record in records):
        await pipe.execute()
    await _add(redis, [record for record in records if record.kind is Kind.ENTRY])


def _put(pipe: Any, record: Record) -> None:
    if record.kind is Kind.ENTRY:
        return
    pairs = list(zip(record.values[::2], record.values[1::2], strict=False))
    if record.kind is Kind.STRING:
        pipe.set(record.key, record.values[0], nx=True)
    elif record.kind is Kind.HASH:
        for field, value in pairs:
            if field != COUNTER:
                pipe.hsetnx(record.key, field, value)
        for field, value in pairs:  # after what it counts
            if field == COUNTER:
                pipe.hincrby(record.key, COUNTER, int(value))
    else:
        pipe.zadd(record.key, {member: float(score) for member, score in pairs}, nx=True)
    if record.ttl is not None:
        pipe.pexpire(record.key, max(record.ttl, 1), nx=True)


async def _add(redis: Redis, entries: Sequence[Record]) -> None:
    """Under the ids that they had, by which dead letters are known; new ones where the stream has gone past them."""
    pipe = redis.pipeline(transaction=False)
    for entry in entries:
        pipe.xadd(entry.key, _fields(entry), id=entry.id)
    answers = await pipe.execute(raise_on_error=False) if entries else []
    for entry, answer in zip(entries, answers, strict=True):
        if isinstance(answer, ResponseError) and _TOO_OLD in str(answer):
            if not await redis.xrange(entry.key, entry.id, entry.id):
                await redis.xadd(entry.key, _fields(entry))
        elif isinstance(answer, Exception):
            raise answer


def _fields(entry: Record) -> Any:
    return dict(zip(entry.values[::2], entry.values[1::2], strict=True))

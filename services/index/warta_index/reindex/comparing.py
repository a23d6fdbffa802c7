"""Do two indices hold the same articles? Number, versions and checksums, while both are written to."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson

from warta_index.connection import Connection
from warta_index.scan import EVERYTHING, every
from warta_index.search import refresh, refusal

Json = dict[str, Any]

PAGE = 500
LOOKS, PAUSE_SECONDS = 5, 1.0
DIFFERENT_MAX = 10_000
"""More are not looked at again one by one: then something is wrong with the whole."""


class Print(NamedTuple):
    """An article's id and the checksum of its document."""

    id: str
    checksum: bytes


@dataclass(slots=True)
class Compared:
    """How many articles each index holds, and the ids of those that differ or are in one only."""

    numbers: list[int] = field(default_factory=lambda: [0, 0])
    different: list[str] = field(default_factory=list)


async def compare(connection: Connection, indices: Sequence[str], moved: Callable[[int], None]) -> Compared:
    """Of two indices. What differs is looked at again: it may have been on its way into both.

    Raises SearchError and UnreachableError.
    """
    for index in indices:
        await refresh(connection, index)
    found = await _side_by_side(connection, indices, moved)
    if len(found.different) <= DIFFERENT_MAX:
        found.different = await _still_different(connection, indices, found.different)
    return found


async def _side_by_side(
    connection: Connection, indices: Sequence[str], moved: Callable[[int], None]
) -> Compared:
    """Both in the order of their ids."""
    found = Compared()
    first, second = (_prints(connection, index) for index in indices)
    async with aclosing(first), aclosing(second):
        one, other = await anext(first, None), await anext(second, None)
        while one or other:
            takes_one = one is not None and (other is None or one.id <= other.id)
            takes_other = other is not None and (one is None or other.id <= one.id)
            if one != other:
                found.different.append((one if takes_one else other or one).id)  # type: ignore[union-attr]
            found.numbers[0] += takes_one
            found.numbers[1] += takes_other
            moved(max(found.numbers))
            one = await anext(first, None) if takes_one else one
            other = await anext(second, None) if takes_other else other
    return found


async def _prints(connection: Connection, index: str) -> AsyncGenerator[Print]:
    async with aclosing(every(connection, EVERYTHING, index=index, size=PAGE)) as pages:
        async for page in pages:
            for article in page:
                yield Print(article["id"], _checksum(article))


def _checksum(article: Json) -> bytes:
    return hashlib.sha256(orjson.dumps(article, option=orjson.OPT_SORT_KEYS)).digest()[:16]


async def _still_different(connection: Connection, indices: Sequence[str], suspects: list[str]) -> list[str]:
    for look in range(LOOKS):
        if suspects and look:
            await asyncio.sleep(PAUSE_SECONDS)
        suspects = [
            identity
            for start in range(0, len(suspects), PAGE)
            for identity in await _different(connection, indices, suspects[start : start + PAGE])
        ]
    return suspects


async def _different(connection: Connection, indices: Sequence[str], ids: Sequence[str]) -> list[str]:
    """Read as they are now, not as the last refresh left them."""
    wanted = [{"_index": index, "_id": identity} for identity in ids for index in indices]
    reply = await connection.ask("POST", "/_mget", {"docs": wanted}, within=60.0)
    if not reply.ok:
        raise refusal(reply)
    found = [document.get("_source") for document in reply.json()["docs"]]
    pairs = zip(ids, found[::2], found[1::2], strict=True)
    return [identity for identity, one, other in pairs if one != other]

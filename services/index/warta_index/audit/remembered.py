"""All articles of the registry, sorted by their ids, in few bytes: a million in 32 MB."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterator, Mapping

from warta_index.audit.comparison import Article
from warta_shared.delivery import markers
from warta_shared.delivery.client import Redis
from warta_shared.registry.known import NAME, known_article

# Of an id, in the order in which Elasticsearch sorts them.
_FIRST = (string.digits + string.ascii_lowercase).encode()
_ID, _VERSION = 26, 6
_SIZE = _ID + _VERSION
EVERY = 5_000


async def remembered(redis: Redis, partitions: int, moved: Callable[[int], None]) -> Mapping[int, bytearray]:
    """Each id with its version behind it, by the first character; `moved` is told how many were read."""
    found = {first: bytearray() for first in _FIRST}
    number = 0
    async for identity, marked in markers.every(redis, NAME, partitions):
        if known := known_article(marked.marker):
            packed = identity.encode()
            found[packed[0]] += packed + known.observed_at.to_bytes(_VERSION)
            number += 1
            if number % EVERY == 0:
                moved(number)
    return found


def articles(found: Mapping[int, bytearray]) -> Iterator[Article]:
    """Sorted as they are compared; only those of one first character are held as objects at a time."""
    for first in _FIRST:
        packed = found[first]
        some = [bytes(packed[at : at + _SIZE]) for at in range(0, len(packed), _SIZE)]
        for one in sorted(some):
            yield Article(one[:_ID].decode(), int.from_bytes(one[_ID:]))

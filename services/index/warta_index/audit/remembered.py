"""All articles of the registry, sorted by their ids."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from warta_index.audit.comparison import Article
from warta_shared.delivery import markers
from warta_shared.delivery.broker import Redis
from warta_shared.registry.known import NAME, known_article

_ID = 26
EVERY = 5_000


async def remembered(redis: Redis, partitions: int, moved: Callable[[int], None]) -> list[bytes]:
    """Each id with its version behind it; `moved` is told how many were read."""
    found: list[bytes] = []
    async for identity, marked in markers.every(redis, NAME, partitions):
        if known := known_article(marked.marker):
            found.append(identity.encode() + known.observed_at.to_bytes(6))
            if len(found) % EVERY == 0:
                moved(len(found))
    found.sort()
    return found


def articles(packed: Sequence[bytes]) -> Iterator[Article]:
    """As they are compared."""
    for one in packed:
        yield Article(one[:_ID].decode(), int.from_bytes(one[_ID:]))

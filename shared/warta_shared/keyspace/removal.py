"""Whether Redis holds articles, and the removal of everything that a backup would hold, or that counts it."""

from __future__ import annotations

from warta_shared.delivery.client import Redis
from warta_shared.keyspace.kept import COUNTS, name_of, part_of
from warta_shared.keyspace.reading import spelled
from warta_shared.registry.known import NAME


async def holds_articles(redis: Redis) -> bool:
    """Whether the registry knows any article or page."""
    async for _ in spelled(redis, lambda key: name_of(key) == NAME):
        return True
    return False


def _belongs(key: str) -> bool:
    name = name_of(key)
    return part_of(name) is not None or name in COUNTS


async def remove_all(redis: Redis) -> int:
    """Remove every key that belongs to a part, or counts; returns how many there were."""
    removed = 0
    async for keys in spelled(redis, _belongs):
        pipe = redis.pipeline(transaction=False)
        for key in keys:
            pipe.execute_command("UNLINK", key)  # a cluster's pipeline has no `unlink` of one key
        removed += sum(await pipe.execute())
    return removed

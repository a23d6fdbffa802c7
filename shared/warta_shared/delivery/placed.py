"""Where articles lie on the streams: what is on its way, and what was settled and is still there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from warta_shared.delivery import scripts
from warta_shared.delivery.client import Redis
from warta_shared.delivery.groups import groups_of, position
from warta_shared.delivery.hop import Hop
from warta_shared.delivery.names import Partition, partitions

PAGE = 500
PENDING_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry, without its body. `settled`: its hop is done with it (it is kept for `replay_window`)."""

    stream: str
    entry_id: str
    article: str
    observed_at: int | None
    settled: bool


async def placed(redis: Redis, hop: Hop, count: int) -> AsyncIterator[Placed]:
    """Every entry that the hop reads or has read, partition by partition, oldest first."""
    for partition in partitions(count):
        source = hop.source_key(partition)
        group = (await groups_of(redis, source)).get(hop.name)
        given_out = position(group["last-delivered-id"] if group else b"0-0")
        pending = await _pending(redis, hop, partition) if group else frozenset[bytes]()
        async for entry_id, identity, version in _heads(redis, source):
            settled = position(entry_id) <= given_out and entry_id not in pending
            observed_at = int(version) if version.isdigit() else None
            yield Placed(source, entry_id.decode(), identity.decode("ascii", "replace"), observed_at, settled)


async def put_back(redis: Redis, what: Placed) -> bool:
    """Once more at the end of its stream, as it is; False when it was trimmed meanwhile."""
    for _, fields in await redis.xrange(what.stream, what.entry_id, what.entry_id):
        await redis.xadd(what.stream, fields)
        return True
    return False


async def _heads(redis: Redis, source: str) -> AsyncIterator[tuple[bytes, bytes, bytes]]:
    first = "-"
    while page := await scripts.run(redis, "heads", [source], [first, "+", PAGE]):
        for entry_id, identity, version in page:
            yield entry_id, identity, version
        first = f"({page[-1][0].decode()}"


async def _pending(redis: Redis, hop: Hop, partition: Partition) -> frozenset[bytes]:
    found: set[bytes] = set()
    source, first = hop.source_key(partition), "-"
    while page := await redis.xpending_range(source, hop.name, first, "+", PENDING_PAGE):
        found |= {line["message_id"] for line in page}
        first = f"({page[-1]['message_id'].decode()}"
    return frozenset(found)

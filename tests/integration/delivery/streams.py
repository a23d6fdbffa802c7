"""The streams of the hop enrich as a test sees them: what was put in, what came out, what is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from warta_shared.delivery.backlog import Backlog, backlog
from warta_shared.delivery.client import Redis
from warta_shared.delivery.dead_letters import dead_letters
from warta_shared.delivery.groups import groups_of
from warta_shared.delivery.hop import ENRICH
from warta_shared.delivery.names import ENRICHED, RAW, Partition, partition_of, partitions, stream
from warta_shared.events import DeadLetter, Entry


class Streams:
    """All partitions together."""

    def __init__(self, redis: Redis, count: int) -> None:
        self.redis = redis
        self.count = count

    def partition(self, name: str) -> Partition:
        """Where an entry of that id goes."""
        return partition_of(name, self.count)

    async def put(self, bodies: dict[str, str]) -> None:
        """Entries onto `articles.raw`, by id."""
        for name, body in bodies.items():
            await self.put_fields(self.partition(name), Entry(name, body.encode()).fields())

    async def put_fields(self, partition: Partition, fields: Sequence[bytes]) -> str:
        """Any fields, as anyone could write them."""
        entry_id = await self.redis.execute_command("XADD", stream(RAW, partition), "*", *fields)
        return str(entry_id.decode())

    async def entries(self, name: str) -> list[tuple[str, dict[bytes, bytes]]]:
        """All entries of a stream."""
        return [
            (entry_id.decode(), fields)
            for partition in partitions(self.count)
            for entry_id, fields in await self.redis.xrange(stream(name, partition))
        ]

    async def output(self) -> Counter[str]:
        """How often each id stands on `articles.enriched`."""
        return Counter(fields[b"id"].decode() for _, fields in await self.entries(ENRICHED))

    async def dead(self) -> dict[str, DeadLetter]:
        """The dead letters by article id; each of them is readable and stands for one article."""
        filed = [one async for one in dead_letters(self.redis, self.count)]
        letters = {one.letter.article_id: one.letter for one in filed if one.letter}
        assert len(letters) == len(filed), filed
        return letters

    async def backlog(self) -> Backlog:
        """What is not settled."""
        return await backlog(self.redis, ENRICH, self.count)

    async def settled(self) -> bool:
        """Whether a group has seen and settled everything."""
        for partition in partitions(self.count):
            if ENRICH.name not in await groups_of(self.redis, stream(RAW, partition)):
                return False
        return (await self.backlog()).total == 0

    async def pending(self) -> list[dict[str, Any]]:
        """Redis's pending list of the hop."""
        found = []
        for partition in partitions(self.count):
            found += await self.redis.xpending_range(stream(RAW, partition), ENRICH.name, "-", "+", 10_000)
        return found

    async def consumers(self) -> dict[str, int]:
        """What each consumer of the hop has pending, over all partitions."""
        held: Counter[str] = Counter()
        for partition in partitions(self.count):
            for info in await self.redis.xinfo_consumers(stream(RAW, partition), ENRICH.name):
                held[info["name"].decode()] += info["pending"]
        return dict(held)

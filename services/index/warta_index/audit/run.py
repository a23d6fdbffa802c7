"""The registry, the streams, the dead letters, every document: in the order in which an article travels.

What moves on meanwhile is met again further on, and what came later than the registry was read is no problem.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass

from warta_index.audit.comparison import SHOWN_MAX, Article, Bounds, Comparison, Findings
from warta_index.audit.on_streams import OnStreams, on_streams
from warta_index.audit.remembered import articles, remembered
from warta_index.connection import Connection
from warta_index.scan import EVERYTHING, LEAN_PAGE, every
from warta_index.schema import READ_ALIAS, WRITE_ALIAS
from warta_index.search import refresh
from warta_shared.delivery.client import Redis
from warta_shared.delivery.dead_letters import dead_letters

DAY_MS = 86_400_000

# A step's name, and how many articles it has read.
Moved = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Audit:
    """`grace`: seconds that a published article may take to the index; `registry_days` as ingest has it.

    `most`: ids of each problem that are kept.
    """

    redis: Redis
    connection: Connection
    partitions: int
    grace: float
    registry_days: float
    moved: Moved
    most: int = SHOWN_MAX
    clock: Callable[[], float] = time.time

    async def run(self) -> tuple[Findings, OnStreams]:
        """Compare all; raises redis-py's errors, SearchError and UnreachableError."""
        began = int(self.clock() * 1000)
        bounds = Bounds(
            settled=began - int(self.grace * 1000),
            began=began,
            remembered=began - int(self.registry_days * DAY_MS),
        )
        known = await remembered(self.redis, self.partitions, lambda number: self.moved("registry", number))
        streams = await on_streams(self.redis, self.partitions)
        dead = {
            filed.letter.article_id
            async for filed in dead_letters(self.redis, self.partitions)
            if filed.letter and filed.letter.article_id
        }
        comparison = Comparison(articles(known), streams.on_the_way, dead, bounds, self.most)
        return await self._against_index(comparison), streams

    async def _against_index(self, comparison: Comparison) -> Findings:
        await refresh(self.connection, READ_ALIAS)
        fields, number = ("id", "observed_at"), 0
        pages_of_all = every(self.connection, EVERYTHING, index=WRITE_ALIAS, size=LEAN_PAGE, fields=fields)
        async with aclosing(pages_of_all) as pages:
            async for page in pages:
                for one in page:
                    comparison.seen(Article(one["id"], one["observed_at"]))
                number += len(page)
                self.moved("index", number)
        return comparison.finished()

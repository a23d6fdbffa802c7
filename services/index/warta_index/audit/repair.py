"""What an audit found, mended: texts are brought in once more, and what the index knows better is remembered."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from warta_index.audit.comparison import Findings, Verdict
from warta_index.audit.on_streams import OnStreams
from warta_index.audit.rebuilt import FIELDS, Learnt, Rebuilding
from warta_index.connection import Connection
from warta_index.scan import every
from warta_shared.delivery import markers
from warta_shared.delivery.broker import Redis
from warta_shared.delivery.placed import put_back
from warta_shared.registry.known import NAME, Known, known_article, with_article
from warta_shared.registry.republishing import republishers

AT_ONCE = 500


class Mended(StrEnum):
    """How: `put-back` on its stream, which still had it; its page is `fetched-again`; `remembered` in the registry.

    `push-again`: its text came from a pusher, who alone has it. It will be taken as if it were new.
    """

    PUT_BACK = "put-back"
    FETCHED_AGAIN = "fetched-again"
    REMEMBERED = "remembered"
    PUSH_AGAIN = "push-again"


@dataclass(slots=True)
class Repaired:
    """Ids by how they were mended."""

    ids: dict[Mended, list[str]] = field(default_factory=lambda: {how: [] for how in Mended})


@dataclass(frozen=True, slots=True)
class Repair:
    """`lifetime`: seconds for which an article is remembered; `moved` is told how many are mended."""

    redis: Redis
    connection: Connection
    partitions: int
    lifetime: float
    moved: Callable[[int], None]

    async def run(self, findings: Findings, streams: OnStreams) -> Repaired:
        """Mend all; raises redis-py's errors, SearchError and UnreachableError."""
        done = Repaired()
        gone = [*findings.shown[Verdict.MISSING], *findings.shown[Verdict.STALE]]
        lost = [one for one in gone if not await self._put_back(one, streams, done)]
        for identity in lost:
            await self._mark_lost(identity)
        on_their_way: set[str] = set()
        for republish in republishers():
            on_their_way |= await republish(self.redis, [one for one in lost if one not in on_their_way])
        for identity in lost:
            done.ids[Mended.FETCHED_AGAIN if identity in on_their_way else Mended.PUSH_AGAIN].append(identity)
        await self._remember([*findings.shown[Verdict.PHANTOM], *findings.shown[Verdict.AHEAD]], done)
        return done

    async def _put_back(self, identity: str, streams: OnStreams, done: Repaired) -> bool:
        known = await self._known(identity)
        kept = streams.kept.get((identity, known.observed_at)) if known else None
        if kept is None or not await put_back(self.redis, kept):
            return False
        done.ids[Mended.PUT_BACK].append(identity)
        return True

    async def _known(self, identity: str) -> Known | None:
        [held] = await markers.read(self.redis, [markers.place(NAME, identity, self.partitions)])
        return known_article(held.marker)

    async def _mark_lost(self, identity: str) -> None:
        """Else the same text would be taken for what is there already. Who published it just now has mended it."""
        where = markers.place(NAME, identity, self.partitions)
        [held] = await markers.read(self.redis, [where])
        if known := known_article(held.marker):
            marked = with_article(held.marker, replace(known, lost=True))
            await markers.amend(self.redis, where, held.marker, marked, self.lifetime)

    async def _remember(self, ids: Sequence[str], done: Repaired) -> None:
        rebuilding = Rebuilding(self.redis, self.partitions, self.lifetime, self.moved)
        for start in range(0, len(ids), AT_ONCE):
            some = ids[start : start + AT_ONCE]
            counts = await rebuilding.run(self._documents(some))
            if counts[Learnt.NEW] + counts[Learnt.NEWER]:
                done.ids[Mended.REMEMBERED] += some

    async def _documents(self, ids: Sequence[str]) -> AsyncIterator[Sequence[Any]]:
        query = {"terms": {"id": list(ids)}}
        async with aclosing(every(self.connection, query, fields=FIELDS)) as pages:
            async for page in pages:
                yield page

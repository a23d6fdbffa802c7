"""What an audit found, mended: texts are brought in once more, and what the index knows better is remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from warta_index.audit.comparison import Findings, Verdict
from warta_index.audit.on_streams import OnStreams
from warta_index.audit.rebuilt import Learnt, Rebuilding
from warta_index.connection import Connection
from warta_shared.delivery import markers
from warta_shared.delivery.client import Redis
from warta_shared.delivery.markers import Amendment
from warta_shared.delivery.names import by_partition
from warta_shared.delivery.placed import put_back
from warta_shared.delivery.stages import count_anew
from warta_shared.registry.known import NAME, known_article, with_article
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
        lost: list[str] = []
        gone = [*findings.shown[Verdict.MISSING], *findings.shown[Verdict.STALE]]
        for some in _portions(gone):
            for group in by_partition(some, self.partitions, str).values():
                lost += await self._not_put_back(group, streams, done)
        await self._bring_in(lost, done)
        await self._remember([*findings.shown[Verdict.PHANTOM], *findings.shown[Verdict.AHEAD]], done)
        await count_anew(self.redis, self.partitions)
        return done

    async def _not_put_back(self, ids: Sequence[str], streams: OnStreams, done: Repaired) -> list[str]:
        """What no stream has any more, marked as lost: else the same text would be taken for what is there already.

        Who publishes one in this very moment has mended it.
        """
        places = [markers.place(NAME, identity, self.partitions) for identity in ids]
        lost: list[str] = []
        marks: list[Amendment] = []
        for identity, where, held in zip(ids, places, await markers.read(self.redis, places), strict=True):
            known = known_article(held.marker)
            kept = streams.kept.get((identity, known.observed_at)) if known else None
            if kept and await put_back(self.redis, kept):
                done.ids[Mended.PUT_BACK].append(identity)
                continue
            lost.append(identity)
            if known:
                lost_now = with_article(held.marker, replace(known, lost=True))
                marks.append(Amendment(where, held.marker, lost_now))
        await markers.amend_all(self.redis, marks, self.lifetime)
        return lost

    async def _bring_in(self, lost: Sequence[str], done: Repaired) -> None:
        on_their_way: set[str] = set()
        for republish in republishers():
            on_their_way |= await republish(self.redis, [one for one in lost if one not in on_their_way])
        for identity in lost:
            done.ids[Mended.FETCHED_AGAIN if identity in on_their_way else Mended.PUSH_AGAIN].append(identity)

    async def _remember(self, ids: Sequence[str], done: Repaired) -> None:
        rebuilding = Rebuilding(self.redis, self.connection, self.partitions, self.lifetime, self.moved)
        for some in _portions(ids):
            counts = await rebuilding.run({"terms": {"id": list(some)}})
            if counts[Learnt.NEW] + counts[Learnt.NEWER]:
                done.ids[Mended.REMEMBERED] += some


def _portions(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]

"""Documents into the registry: what is published is known again after Redis lost its memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from operator import itemgetter
from typing import Any

from warta_index.connection import Connection
from warta_index.scan import EVERYTHING, LEAN_PAGE, every
from warta_index.schema import WRITE_ALIAS
from warta_shared.delivery import markers
from warta_shared.delivery.client import Redis
from warta_shared.delivery.markers import Amendment
from warta_shared.delivery.names import by_partition
from warta_shared.events.article import Status
from warta_shared.registry.known import (
    HASH_DIGITS,
    HOUR_MS,
    NAME,
    Known,
    facts_hash,
    known_article,
    with_article,
)

Json = dict[str, Any]

FIELDS = ("id", "revision", "observed_at", "first_seen_at", "content_hash", "status", "source.id")
AT_ONCE = 500


class Learnt(StrEnum):
    """Of a document: the registry knew nothing, or less, or as much; somebody else wrote it just now."""

    NEW = "new"
    NEWER = "newer"
    KNOWN = "known"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class Rebuilding:
    """`lifetime`: seconds for which an article is remembered; `moved` is told how many were looked at."""

    redis: Redis
    connection: Connection
    partitions: int
    lifetime: float
    moved: Callable[[int], None]

    async def run(self, query: Json = EVERYTHING) -> Counter[Learnt]:
        """Remember each document that matches and is newer than what is known.

        Raises redis-py's errors, SearchError and UnreachableError.
        """
        counts: Counter[Learnt] = Counter()
        pages_of_all = every(self.connection, query, index=WRITE_ALIAS, size=LEAN_PAGE, fields=FIELDS)
        async with aclosing(pages_of_all) as pages:
            async for page in pages:
                for start in range(0, len(page), AT_ONCE):
                    some = page[start : start + AT_ONCE]
                    for group in by_partition(some, self.partitions, itemgetter("id")).values():
                        counts += await self._learn(group)
                self.moved(counts.total())
        return counts

    async def _learn(self, documents: Sequence[Json]) -> Counter[Learnt]:
        """Of one partition, in one step."""
        places = [markers.place(NAME, document["id"], self.partitions) for document in documents]
        learnt: list[Learnt] = []
        amendments: list[Amendment] = []
        held = await markers.read(self.redis, places)
        for told, where, one in zip(map(known_of, documents), places, held, strict=True):
            learnt.append(_learnt(known_article(one.marker), told))
            if learnt[-1] is not Learnt.KNOWN:
                amendments.append(Amendment(where, one.marker, with_article(one.marker, told)))
        done = await markers.amend_all(self.redis, amendments, self.lifetime)
        return Counter(learnt) + Counter({Learnt.BUSY: done.count(False)})


def _learnt(known: Known | None, told: Known) -> Learnt:
    if known is None:
        return Learnt.NEW
    return Learnt.NEWER if told.observed_at > known.observed_at else Learnt.KNOWN


def known_of(document: Json) -> Known:
    """What ingest would know had it just published this document.

    Of the facts only the status: a pusher's correction of the same text is published once more than need be.
    """
    observed_at, status = int(document["observed_at"]), Status(document["status"])
    return Known(
        revision=int(document["revision"]),
        observed_at=observed_at,
        first_seen_at=int(datetime.fromisoformat(document["first_seen_at"]).timestamp() * 1000),
        content_hash=str(document["content_hash"])[:HASH_DIGITS],
        facts_hash=facts_hash([status]),
        hour=observed_at // HOUR_MS,
        revisions_in_hour=0,
        source=str(document["source"]["id"]),
        withdrawn=status is Status.WITHDRAWN,
    )

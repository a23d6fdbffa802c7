"""Documents into the registry: what is published is known again after Redis lost its memory."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import AsyncIterable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import orjson

from warta_shared.delivery import markers
from warta_shared.delivery.broker import Redis
from warta_shared.delivery.markers import Amendment
from warta_shared.delivery.names import Partition, partition_of
from warta_shared.events.article import Status
from warta_shared.registry.known import HASH_DIGITS, NAME, Known, known_article, with_article

Json = Mapping[str, Any]

FIELDS = ("id", "revision", "observed_at", "first_seen_at", "content_hash", "status", "source.id")
HOUR_MS = 3_600_000
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
    partitions: int
    lifetime: float
    moved: Callable[[int], None]

    async def run(self, pages: AsyncIterable[Sequence[Json]]) -> Counter[Learnt]:
        """Remember each document that is newer than what is known; raises redis-py's errors."""
        counts: Counter[Learnt] = Counter()
        async for page in pages:
            for start in range(0, len(page), AT_ONCE):
                counts += await self._some(page[start : start + AT_ONCE])
            self.moved(counts.total())
        return counts

    async def _some(self, documents: Sequence[Json]) -> Counter[Learnt]:
        groups: defaultdict[Partition, list[Json]] = defaultdict(list)
        for document in documents:
            groups[partition_of(document["id"], self.partitions)].append(document)
        counts: Counter[Learnt] = Counter()
        for group in groups.values():
            counts += await self._partition(group)
        return counts

    async def _partition(self, documents: Sequence[Json]) -> Counter[Learnt]:
        places = [markers.place(NAME, document["id"], self.partitions) for document in documents]
        learnt: list[Learnt] = []
        amendments: list[Amendment] = []
        for document, where, held in zip(
            documents, places, await markers.read(self.redis, places), strict=True
        ):
            known, told = known_article(held.marker), known_of(document)
            learnt.append(
                Learnt.NEW
                if known is None
                else Learnt.NEWER
                if told.observed_at > known.observed_at
                else Learnt.KNOWN
            )
            if learnt[-1] is not Learnt.KNOWN:
                amendments.append(Amendment(where, held.marker, with_article(held.marker, told)))
        done = await markers.amend_all(self.redis, amendments, self.lifetime)
        return Counter(learnt) + Counter({Learnt.BUSY: done.count(False)})


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
        facts_hash=hashlib.sha256(orjson.dumps([status])).hexdigest()[:8],
        hour=observed_at // HOUR_MS,
        revisions_in_hour=0,
        source=str(document["source"]["id"]),
        withdrawn=status is Status.WITHDRAWN,
    )

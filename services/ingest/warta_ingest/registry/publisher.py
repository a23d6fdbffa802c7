"""Drafts onto `articles.raw`: read what is known, judge, publish if nobody was quicker, else judge again."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from pydantic import ValidationError

from warta_ingest.draft import Draft
from warta_ingest.registry.known import Known
from warta_ingest.registry.verdict import Capped, News, Unchanged, judge
from warta_ingest.settings import IngestSettings
from warta_shared.delivery.broker import Redis
from warta_shared.delivery.names import RAW, Partition, key, partition_of
from warta_shared.delivery.publish import Answer, Publication, publish
from warta_shared.events import Entry, RawArticle

TRIES = 8


class Fate(StrEnum):
    """What became of a draft."""

    PUBLISHED = "published"
    UNCHANGED = "unchanged"
    CAPPED = "revision-capped"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Result:
    """The fate of one draft; `retry_after` in seconds where it is capped, `detail` where it is invalid."""

    id: str
    fate: Fate
    revision: int = 0
    retry_after: float = 0.0
    detail: str = ""


class TooBusy(Exception):
    """Others keep publishing the same article at the same moment; try again."""


class ArticlePublisher:
    """Publishes drafts, each version once; safe with any number of replicas and after any lost reply."""

    def __init__(
        self,
        redis: Callable[[], Redis],
        settings: IngestSettings,
        clock: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        self._redis = redis
        self._settings = settings
        self._clock = clock

    async def publish(self, drafts: Sequence[Draft], traceparent: str = "") -> list[Result]:
        """One result a draft, in order; raises NotReplicated, TooBusy and redis-py's errors."""
        groups: defaultdict[Partition, list[int]] = defaultdict(list)
        for place, draft in enumerate(drafts):
            groups[partition_of(draft.id, self._settings.partitions)].append(place)
        results: dict[int, Result] = {}
        for partition, places in groups.items():
            # The same id twice in one call is two versions of an article: one after the other.
            for distinct in _rounds(drafts, places):
                answers = await self._publish(partition, [drafts[place] for place in distinct], traceparent)
                results.update(zip(distinct, answers, strict=True))
        return [results[place] for place in range(len(drafts))]

    async def markers(self, ids: Sequence[str]) -> list[str]:
        """The registry's records of articles of one partition; '' for what it does not know."""
        partition = partition_of(ids[0], self._settings.partitions)
        markers = await self._redis().mget([key("seen", partition, article_id) for article_id in ids])
        return [marker.decode() if marker else "" for marker in markers]

    async def _publish(self, partition: Partition, drafts: Sequence[Draft], traceparent: str) -> list[Result]:
        results: dict[int, Result] = {}
        waiting = list(range(len(drafts)))
        for _ in range(TRIES):
            batch = [drafts[place] for place in waiting]
            answers = await self._try(partition, batch, traceparent)
            results.update(
                {place: answer for place, answer in zip(waiting, answers, strict=True) if answer is not None}
            )
            waiting = [place for place in waiting if place not in results]
            if not waiting:
                return [results[place] for place in range(len(drafts))]
        raise TooBusy(f"{len(waiting)} articles are being published by others, {TRIES} times over")

    async def _try(
        self, partition: Partition, drafts: Sequence[Draft], traceparent: str
    ) -> list[Result | None]:
        """One result a draft, None where somebody else published that article in between."""
        markers = await self.markers([draft.id for draft in drafts])
        results: dict[int, Result | None] = {}
        publications: dict[int, tuple[Known, Publication]] = {}
        for place, (draft, marker) in enumerate(zip(drafts, markers, strict=True)):
            match judge(
                draft, Known.from_marker(marker), self._clock(), self._settings.max_revisions_per_hour
            ):
                case Unchanged(now):
                    results[place] = Result(draft.id, Fate.UNCHANGED, now.revision)
                case Capped(now, retry_after):
                    results[place] = Result(draft.id, Fate.CAPPED, now.revision, retry_after)
                case News(now):
                    try:
                        publications[place] = now, _publication(partition, draft, marker, now, traceparent)
                    except ValidationError as error:
                        results[place] = Result(draft.id, Fate.INVALID, detail=_explain(error))
        answers = await publish(
            self._redis(),
            self._settings,
            RAW,
            partition,
            [publication for _, publication in publications.values()],
            marker_lifetime=self._settings.registry_seconds,
        )
        for (place, (now, _)), answer in zip(publications.items(), answers, strict=True):
            conflict = answer is Answer.CONFLICT
            results[place] = None if conflict else Result(drafts[place].id, Fate.PUBLISHED, now.revision)
        return [results[place] for place in range(len(drafts))]


def _rounds(drafts: Sequence[Draft], places: Sequence[int]) -> list[list[int]]:
    rounds: list[list[int]] = []
    seen: dict[str, int] = {}
    for place in places:
        number = seen.get(drafts[place].id, 0)
        seen[drafts[place].id] = number + 1
        if number == len(rounds):
            rounds.append([])
        rounds[number].append(place)
    return rounds


def _publication(
    partition: Partition, draft: Draft, expected: str, now: Known, traceparent: str
) -> Publication:
    first_seen_at = datetime.fromtimestamp(now.first_seen_at / 1000, UTC)
    article = draft.article(revision=now.revision, observed_at=now.observed_at, first_seen_at=first_seen_at)
    entry = Entry(draft.id, _json(article), observed_at=now.observed_at, traceparent=traceparent)
    return Publication(entry, key("seen", partition, draft.id), expected, now.marker())


def _json(article: RawArticle) -> bytes:
    return article.model_dump_json().encode()


def _explain(error: ValidationError) -> str:
    problems = (f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_input=False)[:5])
    return "; ".join(problems)[:1_000]

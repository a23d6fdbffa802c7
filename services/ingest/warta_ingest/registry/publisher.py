"""Drafts onto `articles.raw`: read what is known, judge, publish if nobody was quicker, else judge again."""

from __future__ import annotations

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from pydantic import ValidationError

from warta_ingest.draft import Draft
from warta_ingest.registry.fate import STORED, Fate, Result
from warta_ingest.registry.known import Known
from warta_ingest.registry.verdict import Capped, Held, News, Unchanged, Unknown, judge
from warta_ingest.settings import IngestSettings
from warta_shared.delivery.broker import Redis
from warta_shared.delivery.names import RAW, Partition, key, partition_of
from warta_shared.delivery.publish import Answer, Publication, publish
from warta_shared.events import Entry

TRIES = 8
# Full jitter below this many seconds, doubling with each try.
FIRST_PAUSE = 0.005


# Of a source's code: whether its articles may be changed.
MayChange = Callable[[str], bool]


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

    async def publish(
        self,
        drafts: Sequence[Draft],
        traceparent: str = "",
        may_change: MayChange = lambda _source: True,
    ) -> list[Result]:
        """One result a draft, in order; raises NotReplicated, TooBusy and redis-py's errors.

        `may_change` says of a source's code whether its articles may be changed.

        Of several drafts of one article the last counts: if each made a version, repeating the call after a
        lost reply would make all of them again. After an error some may be published: repeat the whole call.
        """
        await asyncio.to_thread(_hash, drafts)
        latest = {draft.id: draft for draft in drafts}
        groups: defaultdict[Partition, list[Draft]] = defaultdict(list)
        for draft in latest.values():
            groups[partition_of(draft.id, self._settings.partitions)].append(draft)
        results: dict[str, Result] = {}
        for partition, group in groups.items():
            results |= await self._publish(partition, group, traceparent, may_change)
        return [_result(draft, latest[draft.id], results[draft.id]) for draft in drafts]

    async def _publish(
        self, partition: Partition, drafts: Sequence[Draft], traceparent: str, may_change: MayChange
    ) -> dict[str, Result]:
        results: dict[str, Result] = {}
        waiting = drafts
        for attempt in range(TRIES):
            results |= await self._try(partition, waiting, traceparent, may_change)
            waiting = [draft for draft in drafts if draft.id not in results]
            if not waiting:
                return results
            await asyncio.sleep(random.uniform(0, FIRST_PAUSE * 2**attempt))  # noqa: S311 -- jitter, no secret
        raise TooBusy(f"{len(waiting)} articles are being published by others, {TRIES} times over")

    async def _try(
        self, partition: Partition, drafts: Sequence[Draft], traceparent: str, may_change: MayChange
    ) -> dict[str, Result]:
        """The results by id, without those articles that somebody else published in between."""
        markers = await self._markers(partition, [draft.id for draft in drafts])
        results: dict[str, Result] = {}
        publications: list[Publication] = []
        for draft, marker in zip(drafts, markers, strict=True):
            now = self._clock()
            known_now = Known.from_marker(marker)
            if known_now and not may_change(known_now.source):
                results[draft.id] = Result(draft.id, Fate.FORBIDDEN, detail="the article is another source's")
                continue
            match judge(draft, known_now, now, self._settings.max_revisions_per_hour):
                case Unchanged(known):
                    results[draft.id] = Result(draft.id, Fate.UNCHANGED, known.revision)
                    if self._renews(known, now):
                        publications.append(_renewal(partition, draft, marker))
                case Capped(known, retry_after):
                    results[draft.id] = Result(draft.id, Fate.CAPPED, known.revision, retry_after)
                case Held(known):
                    results[draft.id] = Result(draft.id, Fate.WITHDRAWN, known.revision)
                case Unknown():
                    detail = "no such article is known here"
                    results[draft.id] = Result(draft.id, Fate.UNKNOWN, detail=detail)
                case News(known):
                    try:
                        publications.append(_publication(partition, draft, marker, known, traceparent))
                        results[draft.id] = Result(draft.id, Fate.PUBLISHED, known.revision)
                    except ValidationError as error:
                        results[draft.id] = Result(draft.id, Fate.INVALID, detail=_explain(error))
        answers = await publish(
            self._redis(),
            self._settings,
            RAW,
            partition,
            publications,
            marker_lifetime=self._settings.registry_seconds,
        )
        for publication, answer in zip(publications, answers, strict=True):
            if answer is Answer.CONFLICT:
                del results[publication.entry.id]
        return results

    async def _markers(self, partition: Partition, ids: Sequence[str]) -> list[str]:
        """The registry's records of articles of one partition; '' for what it does not know."""
        redis, keys = self._redis(), [key("seen", partition, article_id) for article_id in ids]
        markers: list[bytes | None] = await redis.mget(keys)
        for name, marker in zip(keys, markers, strict=True):
            if marker and not marker.isascii():
                # Not ours, and no text that a publication could name as what it expects.
                await redis.unlink(name)
        return [marker.decode() if marker and marker.isascii() else "" for marker in markers]

    def _renews(self, known: Known, now: int) -> bool:
        """Whether an unchanged article's record is written again: so that it lives on, or reaches the replicas.

        It may be unchanged only because a caller repeats what too few replicas had confirmed.
        """
        age = (now - known.observed_at) / 1000
        return self._settings.replicas_ack > 0 or age > self._settings.registry_seconds / 3


def _hash(drafts: Sequence[Draft]) -> None:
    """In a thread of its own, because a long body takes a second."""
    for draft in drafts:
        _ = draft.content_hash


def _result(draft: Draft, latest: Draft, result: Result) -> Result:
    superseded = draft is not latest and result.fate in STORED
    return replace(result, fate=Fate.SUPERSEDED) if superseded else result


def _publication(
    partition: Partition, draft: Draft, expected: str, now: Known, traceparent: str
) -> Publication:
    first_seen_at = datetime.fromtimestamp(now.first_seen_at / 1000, UTC)
    article = draft.article(revision=now.revision, observed_at=now.observed_at, first_seen_at=first_seen_at)
    body = article.model_dump_json().encode()
    entry = Entry(draft.id, body, observed_at=now.observed_at, traceparent=traceparent)
    return Publication(entry, key("seen", partition, draft.id), expected, now.marker())


def _renewal(partition: Partition, draft: Draft, marker: str) -> Publication:
    """Adds nothing, since the record it leaves is the one it expects."""
    return Publication(Entry(draft.id, b""), key("seen", partition, draft.id), marker, marker)


def _explain(error: ValidationError) -> str:
    problems = (
        f"{'.'.join(map(str, e['loc']))}: {e['msg']}"
        for e in error.errors(include_input=False, include_url=False)[:5]
    )
    return "; ".join(problems)[:1_000]

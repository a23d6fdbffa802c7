"""Drafts onto `articles.raw`: read what is known, judge, publish if nobody was quicker, else judge again."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from operator import attrgetter

from pydantic import ValidationError

from warta_ingest.draft import Draft
from warta_ingest.registry.fate import STORED, Fate, Result
from warta_ingest.registry.record import Record, record_place
from warta_ingest.registry.verdict import Capped, Held, News, Unchanged, Unknown, judge
from warta_ingest.settings import IngestSettings
from warta_shared.delivery import markers
from warta_shared.delivery.client import Redis
from warta_shared.delivery.markers import Marked
from warta_shared.delivery.names import RAW, Partition, by_partition
from warta_shared.delivery.publish import Answer, Publication, publish
from warta_shared.events import Entry
from warta_shared.registry.known import Known
from warta_shared.telemetry.tracing import tracer

TRIES = 8
# Full jitter below this many seconds, doubling with each try.
FIRST_PAUSE = 0.005


# Of a source's code: whether its articles may be changed.
MayChange = Callable[[str], bool]
# Whether nobody waits for the answer any more.
Abandoned = Callable[[], Awaitable[bool]]


class TooBusy(Exception):
    """Others keep publishing the same article at the same moment; try again."""


class CallerGone(Exception):
    """Who asked has given up, and has perhaps published a newer version since."""


async def never() -> bool:
    """For callers that wait until the end."""
    return False


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
        abandoned: Abandoned = never,
    ) -> list[Result]:
        """One result a draft, in order; raises NotReplicated, TooBusy, CallerGone and redis-py's errors.

        `may_change` says of a source's code whether its articles may be changed. `abandoned` is asked between reading
        and writing: a call that hung meanwhile would otherwise put its old version over a newer one.

        Of several drafts of one article the last counts: if each made a version, repeating the call after a
        lost reply would make all of them again. After an error some may be published: repeat the whole call.
        """
        await asyncio.to_thread(_hash, drafts)
        latest = {draft.id: draft for draft in drafts}
        groups = by_partition(latest.values(), self._settings.partitions, attrgetter("id"))
        results: dict[str, Result] = {}
        for partition, group in groups.items():
            results |= await self._publish(partition, group, traceparent, may_change, abandoned)
        return [_result(draft, latest[draft.id], results[draft.id]) for draft in drafts]

    async def _publish(
        self,
        partition: Partition,
        drafts: Sequence[Draft],
        traceparent: str,
        may_change: MayChange,
        abandoned: Abandoned,
    ) -> dict[str, Result]:
        results: dict[str, Result] = {}
        waiting = drafts
        for attempt in range(TRIES):
            results |= await self._try(partition, waiting, traceparent, may_change, abandoned)
            waiting = [draft for draft in drafts if draft.id not in results]
            if not waiting:
                return results
            await asyncio.sleep(random.uniform(0, FIRST_PAUSE * 2**attempt))  # noqa: S311 -- jitter, no secret
        raise TooBusy(f"{len(waiting)} articles are being published by others, {TRIES} times over")

    async def _try(
        self,
        partition: Partition,
        drafts: Sequence[Draft],
        traceparent: str,
        may_change: MayChange,
        abandoned: Abandoned,
    ) -> dict[str, Result]:
        """The results by id, without those articles that somebody else published in between."""
        redis, settings = self._redis(), self._settings
        places = [record_place(draft.id, settings.partitions) for draft in drafts]
        results: dict[str, Result] = {}
        publications: list[Publication] = []
        for draft, where, marked in zip(drafts, places, await markers.read(redis, places), strict=True):
            results[draft.id], new, entry = self._judged(draft, marked, traceparent, may_change)
            if new:
                publications.append(Publication(entry, where, marked.marker, new))
        if publications and await abandoned():
            raise CallerGone(f"{len(publications)} articles were not published")
        lifetime = settings.registry_seconds
        answers = await publish(redis, settings, RAW, partition, publications, marker_lifetime=lifetime)
        for publication, answer in zip(publications, answers, strict=True):
            if answer is Answer.CONFLICT:
                del results[publication.entry.id]
        return results

    def _judged(
        self, draft: Draft, marked: Marked, traceparent: str, may_change: MayChange
    ) -> tuple[Result, bytes, Entry]:
        """The draft's result; the record to leave (b'' for none to be written) and what is published with it."""
        now, nothing = self._clock(), Entry(draft.id, b"")
        record = Record.unpacked(marked.marker, draft.id)
        if record.article and not may_change(record.article.source):
            return Result(draft.id, Fate.FORBIDDEN, detail="the article is another source's"), b"", nothing
        match judge(draft, record.article, now, self._settings.max_revisions_per_hour):
            case Unchanged(known):
                # With the record that it expects, a publication adds nothing.
                renewed = marked.marker if self._renews(marked, now) else b""
                return Result(draft.id, Fate.UNCHANGED, known.revision), renewed, nothing
            case News(known):
                return _news(draft, record, known, traceparent)
            case Capped() | Held() | Unknown() as verdict:
                return _left_as_it_is(draft, verdict), b"", nothing

    def _renews(self, marked: Marked, now: int) -> bool:
        """Whether an unchanged article's record is written again: so that it lives on, or reaches replicas or the disk.

        It may be unchanged only because a caller repeats what too few of them had confirmed.
        """
        age = (now - marked.written) / 1000
        return self._settings.confirms or age > self._settings.registry_seconds / 3


def _hash(drafts: Sequence[Draft]) -> None:
    """In a thread of its own, because a long body takes a second."""
    for draft in drafts:
        _ = draft.content_hash


def _result(draft: Draft, latest: Draft, result: Result) -> Result:
    superseded = draft is not latest and result.fate in STORED
    return replace(result, fate=Fate.SUPERSEDED) if superseded else result


def _news(draft: Draft, record: Record, known: Known, traceparent: str) -> tuple[Result, bytes, Entry]:
    try:
        entry = _entry(draft, known, traceparent)
    except ValidationError as error:
        return Result(draft.id, Fate.INVALID, detail=_explain(error)), b"", Entry(draft.id, b"")
    left = replace(record, article=known).packed(draft.id)
    return Result(draft.id, Fate.PUBLISHED, known.revision), left, entry


def _left_as_it_is(draft: Draft, verdict: Capped | Held | Unknown) -> Result:
    match verdict:
        case Capped(known, retry_after):
            return Result(draft.id, Fate.CAPPED, known.revision, retry_after)
        case Held(known):
            return Result(draft.id, Fate.WITHDRAWN, known.revision)
        case Unknown():
            return Result(draft.id, Fate.UNKNOWN, detail="no such article is known here")


def _entry(draft: Draft, known: Known, parent: str) -> Entry:
    first_seen_at = datetime.fromtimestamp(known.first_seen_at / 1000, UTC)
    article = draft.article(
        revision=known.revision, observed_at=known.observed_at, first_seen_at=first_seen_at
    )
    body = article.model_dump_json().encode()
    made = tracer().created(RAW, draft.id, parent)
    return Entry(draft.id, body, observed_at=known.observed_at, traceparent=made)


def _explain(error: ValidationError) -> str:
    problems = (
        f"{'.'.join(map(str, e['loc']))}: {e['msg']}"
        for e in error.errors(include_input=False, include_url=False)[:5]
    )
    return "; ".join(problems)[:1_000]

"""The handler of the enrich hop: raw articles to enriched ones, in a thread so that the process stays alive."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from redis.exceptions import RedisError

from warta_enrich.pipeline import Models, Times, tag, take_steps
from warta_enrich.reading import Reading, StepFailed, read_passages
from warta_enrich.stories.joining import Signed, Stories
from warta_enrich.stories.signature import signature
from warta_shared.delivery.outcome import Dead, Message, Outcome, Publish, Retry
from warta_shared.events import EnrichedArticle, InvalidMessage, RawArticle, decode_event
from warta_shared.events.article import Status
from warta_shared.telemetry import metrics

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class EnrichHandler:
    """`models` are loaded once and only read."""

    models: Models
    stories: Stories

    async def __call__(self, messages: Sequence[Message]) -> list[Outcome]:
        """One outcome a message, in order. Heartbeats and health go on while the thread computes."""
        enriched = await asyncio.to_thread(self.enriched, messages)
        try:
            joined = iter(await self.stories.joined([one for one in enriched if isinstance(one, Signed)]))
        except (RedisError, OSError) as error:
            away = Retry("redis-away", f"{type(error).__name__}: {error}"[:300], blame=False)
            return [away if isinstance(one, Signed) else one for one in enriched]
        return [
            _published(message, next(joined)) if isinstance(one, Signed) else one
            for message, one in zip(messages, enriched, strict=True)
        ]

    def enriched(self, messages: Sequence[Message]) -> list[Signed | Dead]:
        """Enrich articles; what breaks the pipeline is a dead letter, its neighbours are not touched.

        The tagger reads all of them at once and each step takes all of them, which is what makes it fast.
        """
        times: Times = defaultdict(float)
        with _timed(times, "tokens"):
            read = [self._read(message) for message in messages]
        readings = [one for one in read if isinstance(one, Reading)]
        with _timed(times, "tagger"):
            self._tag(readings)
        take_steps(readings, self.models, times=times)
        done = [
            self._signed(message, one, times) if isinstance(one, Reading) else one
            for message, one in zip(messages, read, strict=True)
        ]
        for step, seconds in times.items():
            metrics.STEP_SECONDS.labels(step).inc(seconds)
        return done

    def _read(self, message: Message) -> Reading | Dead:
        try:
            article = decode_event(message.entry, RawArticle)
            return Reading(article, read_passages(article))
        except InvalidMessage as invalid:
            return Dead(invalid.reason, invalid.detail)
        except Exception as error:  # the same text would fail again: pure code, no server involved
            return _failed(message, error)

    def _tag(self, readings: Sequence[Reading]) -> None:
        """What the tagger finds in each article, all of them at once, or each alone when one breaks it."""
        try:
            tag(readings, self.models)
        except Exception:  # which article it is shows when each is read alone
            log.exception("tagger-failed")
            for one in readings:
                self._tag_alone(one)

    def _tag_alone(self, one: Reading) -> None:
        try:
            tag([one], self.models)
        except Exception as error:
            metrics.STEPS_FAILED.labels("tagger").inc()
            one.failed = StepFailed("tagger", error)

    def _signed(self, message: Message, one: Reading, times: Times) -> Signed | Dead:
        if one.failed:
            return Dead(f"step-{one.failed.step}-failed", str(one.failed))
        try:
            with _timed(times, "signature"):
                usable = one.article.status is not Status.WITHDRAWN
                signed = signature(one.passages[1].folded) if usable else None
            return Signed(one.enriched(self.models.made_by), signed)
        except Exception as error:  # pure code too
            return _failed(message, error)


@contextmanager
def _timed(times: Times, step: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    times[step] += time.perf_counter() - started


def _published(message: Message, article: EnrichedArticle) -> Publish:
    return Publish(replace(message.entry, body=article.model_dump_json().encode()))


def _failed(message: Message, error: Exception) -> Dead:
    log.error("enrichment-failed", extra={"article_id": message.entry.id}, exc_info=error)
    return Dead("enrichment-failed", f"{type(error).__name__}: {error}"[:500])

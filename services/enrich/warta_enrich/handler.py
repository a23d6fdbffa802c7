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

from warta_enrich.pipeline import Models, StepFailed, Times, enrich_read, read_passages
from warta_enrich.steps.tokens import Passage
from warta_enrich.stories.joining import Signed, Stories
from warta_enrich.stories.signature import signature
from warta_enrich.tagger.labels import Span
from warta_shared.delivery.outcome import Dead, Message, Outcome, Publish, Retry
from warta_shared.events import EnrichedArticle, InvalidMessage, RawArticle, decode_event
from warta_shared.events.article import Status
from warta_shared.telemetry import metrics

log = logging.getLogger(__name__)

Names = Sequence[Sequence[Span]]
"""What the tagger found in the passages of one article."""


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

        The tagger reads all of them at once, which is what makes it fast.
        """
        times: Times = defaultdict(float)
        with _timed(times, "tokens"):
            read = [self._read(message) for message in messages]
        with _timed(times, "tagger"):
            names = iter(self._names([one for one in read if isinstance(one, _Read)]))
        done = [
            self._enriched(message, one, next(names), times) if isinstance(one, _Read) else one
            for message, one in zip(messages, read, strict=True)
        ]
        for step, seconds in times.items():
            metrics.STEP_SECONDS.labels(step).inc(seconds)
        return done

    def _read(self, message: Message) -> _Read | Dead:
        try:
            article = decode_event(message.entry, RawArticle)
            return _Read(article, read_passages(article))
        except InvalidMessage as invalid:
            return Dead(invalid.reason, invalid.detail)
        except Exception as error:  # the same text would fail again: pure code, no server involved
            return _failed(message, error)

    def _names(self, articles: Sequence[_Read]) -> Sequence[Names | None]:
        """What the tagger finds in each article; None for all of them when one breaks it."""
        try:
            found = self.models.tagger.names([passage for one in articles for passage in one.passages])
        except Exception:  # which article it is shows when each is read alone
            log.exception("tagger-failed")
            return [None] * len(articles)
        return [found[2 * index : 2 * index + 2] for index in range(len(articles))]

    def _enriched(self, message: Message, one: _Read, names: Names | None, times: Times) -> Signed | Dead:
        try:
            found = self._names_of(one) if names is None else names
            enriched = enrich_read(one.article, one.passages, found, self.models, times=times)
            with _timed(times, "signature"):
                usable = one.article.status is not Status.WITHDRAWN
                return Signed(enriched, signature(one.passages[1].folded) if usable else None)
        except StepFailed as failed:
            return Dead(f"step-{failed.step}-failed", str(failed))
        except Exception as error:  # pure code too
            return _failed(message, error)

    def _names_of(self, one: _Read) -> Names:
        try:
            return self.models.tagger.names(one.passages)
        except Exception as error:
            metrics.STEPS_FAILED.labels("tagger").inc()
            raise StepFailed("tagger", error) from error


@dataclass(frozen=True, slots=True)
class _Read:
    """An article and its passages: title and body."""

    article: RawArticle
    passages: tuple[Passage, Passage]


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

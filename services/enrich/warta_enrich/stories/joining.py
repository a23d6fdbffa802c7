"""The story of each article of a batch, agreed upon by all workers in one step in Redis."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from redis.exceptions import OutOfMemoryError

from warta_enrich.stories.signature import Signature
from warta_shared.delivery.client import Redis
from warta_shared.events import EnrichedArticle, article_id
from warta_shared.telemetry import metrics

log = logging.getLogger(__name__)

SLOT = "story.{story}"
AT_ONCE = 16
# Of the shorter text, how much the other must have; the sketch errs by some .03 (one standard deviation).
SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Signed:
    """An article and the signature of its text (None: too short, or withdrawn)."""

    article: EnrichedArticle
    signature: Signature | None


@dataclass(frozen=True, slots=True)
class Stories:
    """`window`: seconds between two near-copies at the most; `clock` gives seconds since 1970."""

    redis: Callable[[], Redis]
    window: float
    clock: Callable[[], float] = time.time

    async def joined(self, signed: Sequence[Signed]) -> list[EnrichedArticle]:
        """The articles with their stories; raises redis-py's errors when Redis is away.

        An article that is like none is a story of its own. Where Redis refuses to write (it has no memory left)
        every article is: news goes on, and `warta re-enrich` joins them later.
        """
        found: list[EnrichedArticle] = []
        for start in range(0, len(signed), AT_ONCE):
            found += await self._joined(signed[start : start + AT_ONCE])
        return found

    async def _joined(self, signed: Sequence[Signed]) -> list[EnrichedArticle]:
        arguments: list[Any] = [int(self.clock()), int(self.window), SHARE]
        for one in signed:
            arguments += _arguments(one)
        try:
            answers = await self.redis().eval(_script(), 1, SLOT, *arguments)
        except OutOfMemoryError as error:
            log.warning("stories-not-joined", extra={"error": str(error)[:300]})
            answers = [
                [article_id.raw(one.article.id), one.article.source.id.encode(), b"skipped"] for one in signed
            ]
        return [_with_story(one.article, answer) for one, answer in zip(signed, answers, strict=True)]


def _with_story(article: EnrichedArticle, answer: Sequence[bytes]) -> EnrichedArticle:
    story, first, how = answer
    metrics.STORIES.labels(how.decode()).inc()
    identity = article_id.written(story)
    return article.model_copy(update={"story_id": identity, "story_source": first.decode()})


def _arguments(one: Signed) -> list[Any]:
    article, signature = one.article, one.signature or Signature(b"", b"", 0)
    return [
        article_id.raw(article.id),
        _seconds(article.published_at or article.first_seen_at),
        article.source.id,
        signature.size,
        signature.sketch,
        signature.bands,
    ]


def _seconds(instant: datetime) -> int:
    return min(max(int(instant.timestamp()), 0), 2**32 - 1)


@cache
def _script() -> str:
    return files(__package__).joinpath("join.lua").read_text(encoding="utf-8")

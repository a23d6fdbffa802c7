"""The enrichment of articles: its steps in the order in which they read."""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from warta_enrich import finding
from warta_enrich.models import Models, load_models
from warta_enrich.reading import Reading, StepFailed, read_passages
from warta_enrich.steps.tokens import Passage
from warta_enrich.tagger.labels import Span
from warta_shared.events import EnrichedArticle, RawArticle
from warta_shared.telemetry import metrics

__all__ = [
    "STEPS",
    "Models",
    "Step",
    "StepFailed",
    "Times",
    "enrich",
    "enrich_read",
    "load_models",
    "read_passages",
    "tag",
    "take_steps",
]

log = logging.getLogger(__name__)

# Seconds by step.
Times = defaultdict[str, float]


@dataclass(frozen=True, slots=True)
class Step:
    """`optional`: an article on which it fails goes on without its field, else to the dead letters."""

    name: str
    run: Callable[[Reading, Models], None]
    optional: bool = False


STEPS = (
    Step("language", finding.language),
    Step("laws", finding.laws, optional=True),
    Step("tickers", finding.tickers, optional=True),
    Step("names", finding.names),
    Step("people", finding.people),
    Step("organisations", finding.organisations),
    Step("places", finding.places),
    Step("topics", finding.topics),
    Step("amounts", finding.money, optional=True),
    Step("percentages", finding.shares, optional=True),
    Step("dates", finding.dates, optional=True),
    Step("agency", finding.agency, optional=True),
)


def enrich(article: RawArticle, models: Models) -> EnrichedArticle:
    """The article with what its text says added; pure, no I/O, and any text passes.

    Every field of the raw article is carried over unchanged. The entity and topic steps read the title and the
    first TEXT_MAX characters of the body, the tagger its first TOKENS_MAX tokens, the language step the first
    3,000 characters; lists are cut to the event's caps.
    """
    reading = Reading(article, read_passages(article))
    tag([reading], models)
    return _enriched(reading, models)


def enrich_read(
    article: RawArticle,
    passages: tuple[Passage, Passage],
    names: Sequence[Sequence[Span]],
    models: Models,
    *,
    steps: Sequence[Step] = STEPS,
) -> EnrichedArticle:
    """As `enrich`, for an article whose passages the tagger has read already. Raises StepFailed."""
    return _enriched(Reading(article, passages, names), models, steps)


def _enriched(reading: Reading, models: Models, steps: Sequence[Step] = STEPS) -> EnrichedArticle:
    take_steps([reading], models, steps=steps)
    if reading.failed:
        raise reading.failed
    return reading.enriched(models.made_by)


def tag(readings: Sequence[Reading], models: Models) -> None:
    """What the tagger finds in the passages of articles, all of which it reads at once: that makes it fast."""
    found = models.tagger.names([passage for one in readings for passage in one.passages])
    for place, one in enumerate(readings):
        one.names = found[2 * place : 2 * place + 2]


def take_steps(
    readings: Sequence[Reading],
    models: Models,
    *,
    times: Times | None = None,
    steps: Sequence[Step] = STEPS,
) -> None:
    """Take articles through the steps; one on which a step breaks has `failed` and goes no further.

    Each step takes all of them before the next begins: its code and tables then stay in the processor's caches, which
    is worth a seventh of the whole time. What each step takes is added to `times`.
    """
    for step in steps:
        started = time.perf_counter()
        for reading in readings:
            if reading.failed is None:
                reading.failed = _failure(step, reading, models)
        if times is not None:
            times[step.name] += time.perf_counter() - started


def _failure(step: Step, reading: Reading, models: Models) -> StepFailed | None:
    """Take one step; why it failed, unless it is one that articles can go without."""
    try:
        step.run(reading, models)
    except Exception as error:
        metrics.STEPS_FAILED.labels(step.name).inc()
        log.exception("step-failed", extra={"step": step.name, "article_id": reading.article.id})
        return None if step.optional else StepFailed(step.name, error)
    return None

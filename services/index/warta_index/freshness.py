"""How late news is: measured where an article is indexed for the first time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from warta_index.document import Document
from warta_index.results import Indexed, ItemResult
from warta_shared.canary import SOURCE as CANARY
from warta_shared.telemetry import metrics

# What was older when it was found comes from an archive, and is no late news.
NEWS_SECONDS = 7 * 86_400.0


def tell_freshness(documents: Sequence[Document], results: Sequence[ItemResult], now: float) -> None:
    """Observe each leg of what is new in the index at `now` (seconds since 1970)."""
    for document, result in zip(documents, results, strict=True):
        if isinstance(result, Indexed) and result.first and document.source != CANARY:
            for leg, seconds in legs(document, now).items():
                metrics.FRESHNESS.labels(leg).observe(seconds)


def legs(document: Document, now: float) -> dict[str, float]:
    """Seconds by leg; an article without a date of its own, or with one that cannot be, has but one leg.

    The version of a document that is there for the first time is when it was discovered.
    """
    discovered = document.version / 1000
    found = {"discovered-indexed": max(0.0, now - discovered)}
    published = _instant(document.published_at)
    if published is not None and 0 <= discovered - published <= NEWS_SECONDS:
        found["published-discovered"] = discovered - published
        found["published-indexed"] = max(0.0, now - published)
    return found


def _instant(text: str) -> float | None:
    try:
        return datetime.fromisoformat(text).timestamp() if text else None
    except (ValueError, OverflowError):
        return None

"""Builders: an article as a test needs it, everything else filled in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from warta_shared.events import Entry, RawArticle

ID = "abcdefghijklmnopqrstuvwxyz"
NOON = datetime(2025, 6, 2, 12, 0, tzinfo=UTC)
NOON_MS = int(NOON.timestamp() * 1000)


def raw_article(**given: Any) -> RawArticle:
    """A raw article about a rate decision."""
    fields: dict[str, Any] = {
        "id": ID,
        "observed_at": NOON_MS,
        "first_seen_at": NOON,
        "url": "https://news.example/rate",
        "canonical_url": "https://news.example/rate",
        "title": "Bank Indonesia holds its rate",
        "body": "Bank Indonesia held its benchmark rate at 5.5 percent on Monday.",
        "source": {"id": "GALERT"},
        "word_count": 11,
        "content_hash": "0" * 32,
    }
    return RawArticle.model_validate(fields | given)


def raw_entry(**given: Any) -> Entry:
    """The same as a stream entry."""
    article = raw_article(**given)
    return Entry(article.id, article.model_dump_json().encode(), observed_at=article.observed_at)

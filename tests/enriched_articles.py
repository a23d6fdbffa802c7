"""Builders: enriched articles as tests need them, smallest and largest."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from warta_shared.events import (
    Amount,
    CalendarDate,
    EnrichedArticle,
    Entity,
    Entry,
    Mention,
    Percentage,
    Topic,
)
from warta_shared.events.article import Enrichment, PublishedSource, Source, Status

ARTICLE_ID = "abcdefghijklmnopqrstuvwxyz"
OBSERVED_AT = 1_764_000_000_000
ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


def article_id(number: int) -> str:
    """A different id for each number."""
    digits = ""
    for _ in range(26):
        number, digit = divmod(number, 32)
        digits = ALPHABET[digit] + digits
    return digits


def enriched_article(**changes: Any) -> EnrichedArticle:
    """An article with what every article has; pass what the test is about."""
    values: dict[str, Any] = {
        "id": ARTICLE_ID,
        "observed_at": OBSERVED_AT,
        "first_seen_at": datetime(2025, 11, 24, 16, 0, tzinfo=UTC),
        "url": "https://berita.example/pasar",
        "canonical_url": "https://berita.example/pasar",
        "title": "Harga cabai naik",
        "body": "Pedagang menaikkan harga cabai di pasar.",
        "source": Source(id="BERITA"),
        "word_count": 6,
        "content_hash": "0" * 32,
        "language": "id",
        "language_confidence": 0.9,
        "enrichment": Enrichment(version="test"),
    }
    return EnrichedArticle(**values | changes)


def maximal_article() -> EnrichedArticle:
    """An article in which no field is empty."""
    moment = datetime(2025, 11, 24, 16, 0, tzinfo=UTC)
    entity: dict[str, Any] = {
        "id": "Q1",
        "name": "Nama",
        "count": 2,
        "mentions": (Mention(field="body", start=0, end=4),),
    }
    return enriched_article(
        revision=3,
        summary="Ringkasan",
        published_at=moment,
        published_source=PublishedSource.JSON_LD,
        modified_at=moment,
        status=Status.USABLE,
        source=Source(id="BERITA", name="Berita", domain="berita.example", country="ID", feed="berita-utama"),
        authors=("Siti", "Budi"),
        sections=("Ekonomi",),
        image_url="https://berita.example/1.jpg",
        extensions={"desk": "pasar", "page": 3, "score": 0.5, "front": True},
        second_language="en",
        topics=(Topic(code="04000000", name="economy", score=0.8),),
        people=(Entity(**entity),),
        organisations=(Entity(**entity),),
        places=(Entity(**entity),),
        laws=(Entity(**entity),),
        tickers=(Entity(**entity),),
        amounts=(Amount(**entity, amount=1.5e9, currency="IDR"),),
        percentages=(Percentage(**entity, value=5.2),),
        dates=(CalendarDate(**entity, date="2025-06"),),
        story_id=article_id(7),
        story_source="GALERT",
        agency="ANTARA",
        language_hint="id-ID",
        topic_hints=("04000000",),
        enrichment=Enrichment(version="1.0.0", models=("lexicon:1",)),
    )


def entry_of(article: EnrichedArticle) -> Entry:
    """As `enrich` publishes it."""
    return Entry(
        id=article.id,
        body=article.model_dump_json().encode(),
        observed_at=article.observed_at,
        traceparent="",
    )

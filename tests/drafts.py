"""Builders: drafts, feeds, entries and settings of ingest, everything else filled in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from warta_ingest.draft import Draft
from warta_ingest.feeds import Feed, FeedEntry
from warta_ingest.sameness import article_id
from warta_ingest.settings import IngestSettings
from warta_shared.events.article import Source

URL = "https://news.example/rate"
NOON = datetime(2025, 6, 2, 12, 0, tzinfo=UTC)
NOON_MS = int(NOON.timestamp() * 1000)
FILLED: dict[str, Any] = {
    "id": article_id(URL),
    "url": URL,
    "canonical_url": URL,
    "title": "Bank Indonesia holds its rate",
    "body": "Bank Indonesia held its benchmark rate at 5.5 percent on Monday.",
    "source": Source(id="GALERT"),
    "facts_count": True,
}


def draft(**given: Any) -> Draft:
    """A pushed draft about a rate decision."""
    return Draft(**FILLED | given)


def numbered(number: int, **given: Any) -> Draft:
    """A different article for each number."""
    url = f"https://news.example/{number}"
    return draft(id=article_id(url), url=url, canonical_url=url, **given)


def feed(**given: Any) -> Feed:
    """A feed of one outlet, polled as often as one likes."""
    fields = {"id": "kabar", "url": "https://kabar.example/rss", "source": "KABAR", "country": "ID"}
    return Feed.model_validate(fields | {"interval": {"min": 60, "max": 3_600}} | given)


def entry(**given: Any) -> FeedEntry:
    """A feed's entry about chillies."""
    fields: dict[str, Any] = {
        "link": "https://kabar.example/ekonomi/cabai",
        "id": "tag:kabar.example,2025:cabai",
        "title": "Harga cabai naik",
        "summary": "Pedagang menaikkan harga.",
        "published": NOON,
    }
    return FeedEntry(**fields | given)


def settings(**given: Any) -> IngestSettings:
    """Settings for tests: no gaps between requests, loopback may be fetched."""
    fields: dict[str, Any] = {"allow_networks": "127.0.0.0/8", "host_gap": 0.0}
    return IngestSettings(**fields | given)

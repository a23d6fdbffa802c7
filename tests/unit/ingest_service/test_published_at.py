"""Whose word on the time counts: the page's, the feed's, and what is said of a time to come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from drafts import NOON, NOON_MS, URL, draft
from warta_ingest.draft import CLOCKS_DIFFER_MS, IN_FUTURE
from warta_ingest.extraction import ExtractedPage
from warta_ingest.pages.draft import page_draft
from warta_ingest.pages.found import FoundPage
from warta_ingest.sameness import article_id
from warta_shared.events.article import PublishedSource, Source

FEED, META = PublishedSource.FEED, PublishedSource.META
MIDNIGHT = datetime(2025, 6, 1, 17, 0, tzinfo=UTC)  # of 2 June in Jakarta


def extracted(**given: Any) -> ExtractedPage:
    return ExtractedPage(**{"title": "Suku bunga", "body": "Tetap.", "word_count": 1} | given)


def found(published: datetime | None) -> FoundPage:
    source = Source(id="KABAR")
    return FoundPage(id=article_id(URL), url=URL, found_at=NOON_MS, source=source, published=published)


@pytest.mark.parametrize(
    ("page", "feed", "expected"),
    [
        ({"published_at": NOON, "published_source": META}, NOON + timedelta(hours=1), (NOON, META)),
        ({}, NOON, (NOON, FEED)),
        ({}, None, (None, None)),
        # The page knows the day alone: the feed's hour of that day is better, its other day is not.
        ({"published_at": MIDNIGHT, "published_source": META, "published_exact": False}, NOON, (NOON, FEED)),
        (
            {"published_at": MIDNIGHT, "published_source": META, "published_exact": False},
            NOON + timedelta(days=9),
            (MIDNIGHT, META),
        ),
        (
            {"published_at": MIDNIGHT, "published_source": META, "published_exact": False},
            None,
            (MIDNIGHT, META),
        ),
    ],
)
def test_the_better_word(page: dict[str, Any], feed: datetime | None, expected: tuple[Any, Any]) -> None:
    made = page_draft(found(feed), URL, extracted(**page))
    assert (made.published_at, made.published_source) == expected


@pytest.mark.parametrize(
    ("ahead", "flagged"),
    [
        (timedelta(hours=7), True),
        (timedelta(milliseconds=CLOCKS_DIFFER_MS), False),
        (timedelta(hours=-7), False),
    ],
)
def test_a_future_date_is_kept_and_flagged(ahead: timedelta, flagged: bool) -> None:
    article = draft(published_at=NOON + ahead, extensions=(("desk", "ekonomi"),)).article(
        revision=1, observed_at=NOON_MS, first_seen_at=NOON
    )
    assert article.published_at == NOON + ahead
    assert article.extensions == {"desk": "ekonomi"} | ({IN_FUTURE: True} if flagged else {})


def test_a_flag_never_costs_an_article_its_place() -> None:
    full = tuple((f"key{number}", number) for number in range(50))
    article = draft(published_at=NOON + timedelta(days=2), extensions=full).article(
        revision=1, observed_at=NOON_MS, first_seen_at=NOON
    )
    assert article.extensions == dict(full)

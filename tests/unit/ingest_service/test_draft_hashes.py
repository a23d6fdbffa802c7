"""What makes an article a different one: its hashes, and the event made of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from drafts import NOON, NOON_MS, draft
from warta_shared.events.article import PublishedSource, Source, Status

FACTS = "f146cebf"
FACTS_OF_A_PAGE = "467ba15b"


def test_the_facts_hash_is_the_same_in_every_process_and_release() -> None:
    assert draft().facts_hash == FACTS
    assert draft(facts_count=False).facts_hash == FACTS_OF_A_PAGE


@pytest.mark.parametrize(
    "change",
    [
        {"url": "https://news.example/other"},
        {"summary": "Short."},
        {"published_at": NOON},
        {"modified_at": NOON},
        {"authors": ("Siti",)},
        {"sections": ("Ekonomi",)},
        {"image_url": "https://news.example/1.jpg"},
        {"language_hint": "id"},
        {"topic_hints": ("04000000",)},
        {"extensions": (("desk", "pasar"),)},
        {"source": Source(id="GALERT", name="Google Alerts")},
        {"status": Status.WITHHELD},
    ],
)
def test_each_fact_of_a_pusher_counts_but_none_of_them_is_content(change: dict[str, Any]) -> None:
    assert draft(**change).facts_hash != draft().facts_hash
    assert draft(**change).content_hash == draft().content_hash


def test_of_a_page_only_the_status_counts() -> None:
    page = draft(facts_count=False)
    assert draft(facts_count=False, image_url="https://news.example/2.jpg").facts_hash == page.facts_hash
    assert draft(facts_count=False, status=Status.WITHDRAWN).facts_hash != page.facts_hash


def test_title_and_body_are_content() -> None:
    hashes = {draft().content_hash, draft(title="Bank cuts").content_hash, draft(body="It cut.").content_hash}
    assert len(hashes) == 3


def test_the_event_holds_the_draft_and_its_version() -> None:
    pushed = draft(
        published_at=NOON,
        published_source=PublishedSource.PUSH,
        extensions=(("desk", "pasar"),),
        topic_hints=("04000000",),
    )
    seen = datetime(2025, 6, 1, tzinfo=UTC)
    article = pushed.article(revision=3, observed_at=NOON_MS, first_seen_at=seen)
    assert (article.id, article.revision, article.observed_at) == (pushed.id, 3, NOON_MS)
    assert article.first_seen_at == seen
    assert article.word_count == 11
    assert article.content_hash == pushed.content_hash
    assert article.extensions == {"desk": "pasar"}
    assert article.topic_hints == ("04000000",)


def test_a_draft_beyond_the_bounds_makes_no_event() -> None:
    with pytest.raises(ValidationError, match="title"):
        draft(title="x" * 1_001).article(revision=1, observed_at=NOON_MS, first_seen_at=NOON)

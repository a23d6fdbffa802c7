"""An article as a pusher writes it: what is taken, what is refused, and that refusing costs little."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from warta_ingest.push.article import PushedArticle
from warta_ingest.sameness import article_id, external_article_id
from warta_shared.events.article import PublishedSource, Source, Status

LEAST = {"url": "https://news.example/a", "title": "Title", "body": "Body.", "source": "GALERT"}


def pushed(**given: Any) -> PushedArticle:
    return PushedArticle.model_validate(LEAST | given)


def problems(**given: Any) -> str:
    with pytest.raises(ValidationError) as refused:
        pushed(**given)
    return str(refused.value)


def test_a_code_is_a_source() -> None:
    assert pushed().source == Source(id="GALERT")
    assert pushed(source={"id": "GALERT", "country": "ID"}).source == Source(id="GALERT", country="ID")


def test_the_id_comes_from_the_url_whatever_tracks_in_it() -> None:
    assert pushed().draft().id == article_id("https://news.example/a")
    assert pushed(url="https://NEWS.example/a?utm_source=x#top").draft().id == pushed().draft().id
    assert pushed(url="https://NEWS.example/a?utm_source=x").draft().canonical_url == LEAST["url"]


def test_the_pushers_own_id_goes_before_the_url_and_holds_within_its_source() -> None:
    own = pushed(external_id="a-1").draft()
    assert own.id == external_article_id("GALERT", "a-1") == pushed(external_id="a-1", url=None).draft().id
    assert own.id != pushed(external_id="a-1", source="OTHER").draft().id
    assert own.canonical_url == LEAST["url"]


def test_one_of_both_must_be_given() -> None:
    assert "url or external_id must be given" in problems(url=None)
    assert "url or external_id must be given" in problems(url="")


def test_white_space_around_and_in_a_title_goes() -> None:
    article = pushed(title="  Bank\n Indonesia\t holds ", body="\n First.\nSecond. \n")
    assert (article.title, article.body) == ("Bank Indonesia holds", "First.\nSecond.")


def test_a_draft_keeps_what_was_pushed() -> None:
    draft = pushed(
        summary="Short.",
        language="id",
        published_at="2025-06-02T09:00:00+07:00",
        status="withdrawn",
        authors=["Siti"],
        sections=["Ekonomi"],
        topics=["04000000"],
        image_url="https://news.example/1.jpg",
        extensions={"page": 3, "desk": "pasar"},
    ).draft()
    assert draft.published_at == datetime(2025, 6, 2, 2, 0, tzinfo=UTC)
    assert (draft.published_source, draft.status) == (PublishedSource.PUSH, Status.WITHDRAWN)
    assert (draft.language_hint, draft.topic_hints) == ("id", ("04000000",))
    assert (draft.authors, draft.sections, draft.summary) == (("Siti",), ("Ekonomi",), "Short.")
    assert draft.extensions == (("desk", "pasar"), ("page", 3))
    assert draft.facts_count


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"title": " \n "}, "title"),
        ({"title": "x" * 1_001}, "title"),
        ({"body": ""}, "body"),
        ({"body": "x" * 1_000_001}, "body"),
        ({"body": "NUL \x00"}, "NUL"),
        ({"title": 5}, "title"),
        ({"source": "two words"}, "source"),
        ({"source": None}, "source"),
        ({"url": "ftp://news.example/a"}, "url"),
        ({"url": "https://news..example/a"}, "not a web address"),
        ({"url": "https://a.example/" + "x" * 2_048}, "url"),
        ({"external_id": ""}, "external_id"),
        ({"external_id": "x" * 501}, "external_id"),
        ({"language": "Bahasa"}, "language"),
        ({"published_at": "2025-06-02T09:00:00"}, "timezone"),
        ({"published_at": "0001-01-01T00:00:00+07:00"}, "published_at"),
        ({"status": "deleted"}, "status"),
        ({"topics": ["economy"]}, "topics"),
        ({"extensions": {"a b": 1}}, "extensions"),
        ({"extensions": {"a": {"b": 1}}}, "extensions"),
        ({"headline": "misspelt"}, "headline"),
        ({"authors": "Siti"}, "authors"),
    ],
)
def test_what_is_wrong_is_named(given: dict[str, Any], expected: str) -> None:
    assert expected in problems(**given)


def test_the_largest_texts_are_taken() -> None:
    article = pushed(title="t" * 1_000, body="b" * 1_000_000, external_id="e" * 500)
    assert len(article.draft().body) == 1_000_000


MANY = 300_000


@pytest.mark.parametrize(
    "crowd",
    [
        {f"k{number}": 1 for number in range(MANY)},
        {"authors": [1] * MANY},
        {"sections": [None] * MANY},
        {"topics": [{}] * MANY},
        {"source": {f"k{number}": None for number in range(MANY)}},
        {"extensions": {f"k{number}": None for number in range(MANY)}},
    ],
    ids=["fields", "authors", "sections", "topics", "source", "extensions"],
)
def test_a_crowd_of_mistakes_is_one_mistake_found_at_once(crowd: dict[str, Any]) -> None:
    """Each as an error of its own would cost half a minute and gigabytes."""
    started = time.monotonic()
    with pytest.raises(ValidationError) as refused:
        pushed(**crowd)
    assert refused.value.error_count() == 1
    assert time.monotonic() - started < 1.0

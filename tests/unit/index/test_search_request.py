"""Question -> request: what is asked of Elasticsearch, without Elasticsearch."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from warta_index.query import Order, Question, Shown, search_request

JUNE = datetime(2025, 6, 2, tzinfo=UTC)


def filters_of(question: Question) -> list[dict[str, Any]]:
    found = search_request(question)["query"]["bool"]["filter"]
    assert isinstance(found, list)
    return found


def test_words_are_looked_for_as_typed_and_by_the_stems_of_each_language() -> None:
    query = search_request(Question(text="pasar"))["query"]["bool"]["must"][0]["simple_query_string"]
    assert query["query"] == "pasar"
    assert query["default_operator"] == "and"
    assert {field.partition("^")[0] for field in query["fields"]} == {
        "title", "summary", "body",
        "stems.id.title", "stems.id.summary", "stems.id.body",
        "stems.en.title", "stems.en.summary", "stems.en.body",
    }  # fmt: skip


def test_without_words_everything_is_found_newest_first() -> None:
    request = search_request(Question(text="  "))
    assert request["query"]["bool"]["must"] == [{"match_all": {}}]
    assert request["sort"][0] == {"published_at": "desc"}


@pytest.mark.parametrize(
    ("order", "first"),
    [
        (Order.RELEVANCE, {"_score": "desc"}),
        (Order.NEWEST, {"published_at": "desc"}),
        (Order.OLDEST, {"published_at": "asc"}),
    ],
)
def test_every_order_ends_with_the_id(order: Order, first: dict[str, str]) -> None:
    sort = search_request(Question(text="pasar", order=order))["sort"]
    assert sort[0] == first
    assert sort[-1] == {"id": "asc"}


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (Shown.USABLE, [{"term": {"status": "usable"}}]),
        (Shown.WITHDRAWN, [{"term": {"status": "withdrawn"}}]),
        (Shown.ALL, []),
    ],
)
def test_withdrawn_articles_only_when_asked_for(shown: Shown, expected: list[object]) -> None:
    assert filters_of(Question(shown=shown)) == expected


def test_values_of_one_filter_are_alternatives() -> None:
    question = Question(topics=("04000000", "Politics"), languages=("id", "en"), shown=Shown.ALL)
    by_topic, by_language = filters_of(question)
    assert by_topic["bool"]["minimum_should_match"] == 1
    assert {"term": {"topics.name": {"value": "Politics", "case_insensitive": True}}} in by_topic["bool"][
        "should"
    ]
    assert len(by_topic["bool"]["should"]) == 4
    assert by_language == {"terms": {"language": ["id", "en"]}}


def test_an_undated_article_counts_by_when_it_was_first_seen() -> None:
    (between,) = filters_of(Question(since=JUNE, shown=Shown.ALL))
    published, seen = between["bool"]["should"]
    assert published == {"range": {"published_at": {"gte": "2025-06-02T00:00:00+00:00"}}}
    assert seen["bool"]["filter"][1] == {"range": {"first_seen_at": {"gte": "2025-06-02T00:00:00+00:00"}}}
    assert seen["bool"]["filter"][0] == {"bool": {"must_not": {"exists": {"field": "published_at"}}}}


def test_facets_only_when_asked_for() -> None:
    assert "aggs" not in search_request(Question())
    assert set(search_request(Question(facets=True))["aggs"]) == {
        "topics", "sources", "languages", "people", "organisations", "places",
    }  # fmt: skip

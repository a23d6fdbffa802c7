"""What a reader asks for -> an Elasticsearch search request, as a pure function."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from warta_index.schema.analysis import STEMMERS
from warta_index.schema.mappings import STEMMED_FIELDS

Json = dict[str, Any]

MARK_START, MARK_END = "\ue000", "\ue001"
"""Around a match: private-use characters, so that no text of an article can be taken for a mark."""

BOOSTS = {"title": 3.0, "summary": 1.5, "body": 1.0}
STEM_WEIGHT = 0.5
"""A word as it was typed counts more than one that shares its stem."""

FACETS = {
    "topics": "topics.name",
    "sources": "source.id",
    "languages": "language",
    "people": "people.name",
    "organisations": "organisations.name",
    "places": "places.name",
}
ENTITY_FIELDS = ("people", "organisations", "places", "laws", "tickers")
FACET_SIZE = 10
COPIES = "copies"
"""Name of the inner hits of a story."""

SHOWN_FIELDS = (
    "id", "url", "title", "summary", "published_at", "first_seen_at", "language", "status", "revision",
    "source", "authors", "story_id", "story_source", "agency", "topics.code", "topics.name",
    *(f"{kind}.{part}" for kind in ENTITY_FIELDS for part in ("id", "name", "count")),
)  # fmt: skip


class Order(StrEnum):
    """How hits are sorted."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


class Shown(StrEnum):
    """Which articles count by their status."""

    USABLE = "usable"
    WITHHELD = "withheld"
    WITHDRAWN = "withdrawn"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Filters:
    """Names and codes; several values of one filter: any of them; several filters: all of them."""

    sources: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question(Filters):
    """A search. `text` is Elasticsearch's simple query syntax; an empty one asks for every article.

    `unwanted`: articles that have any of these are left out. `since` is included, `until` not. `by_story`: of the
    near-copies of one story the first hit alone, with how many copies there are.
    """

    text: str = ""
    unwanted: Filters = Filters()
    since: datetime | None = None
    until: datetime | None = None
    shown: Shown = Shown.USABLE
    size: int = 10
    order: Order = Order.RELEVANCE
    facets: bool = False
    by_story: bool = False


def search_request(question: Question) -> Json:
    """The body of a `_search` request."""
    request: Json = {
        "size": question.size,
        "track_total_hits": True,
        "timeout": "10s",
        "_source": list(SHOWN_FIELDS),
        "query": query_of(question),
        "sort": _sorting(question),
        "highlight": highlighting(),
    }
    if question.facets:
        request["aggs"] = {
            name: {"terms": {"field": field, "size": FACET_SIZE}} for name, field in FACETS.items()
        }
    if question.by_story:
        request["collapse"] = {"field": "story_id", "inner_hits": {"name": COPIES, "size": 0}}
    return request


def query_of(question: Question) -> Json:
    """The query alone."""
    parts = {
        "must": [_matching(question.text)],
        "filter": _when(question) + _named(question),
        "must_not": _named(question.unwanted),
    }
    return {"bool": parts}


def highlighting() -> Json:
    """Marks in the texts as they are shown, also where only the stem of a word matched."""
    fields = {
        field: {"matched_fields": [f"stems.{language}.{field}" for language in STEMMERS]}
        for field in STEMMED_FIELDS
    }
    whole = {"number_of_fragments": 0}
    return {
        "type": "unified",
        "pre_tags": [MARK_START],
        "post_tags": [MARK_END],
        "fragment_size": 160,
        "number_of_fragments": 2,
        "order": "score",
        "fields": fields | {"title": fields["title"] | whole},
    }


def _matching(text: str) -> Json:
    if not text.strip():
        return {"match_all": {}}
    fields = [f"{field}^{boost}" for field, boost in BOOSTS.items()]
    stems = [
        f"stems.{language}.{field}^{boost * STEM_WEIGHT}"
        for language in STEMMERS
        for field, boost in BOOSTS.items()
    ]
    return {"simple_query_string": {"query": text, "fields": fields + stems, "default_operator": "and"}}


def _when(question: Question) -> list[Json]:
    shown = [] if question.shown is Shown.ALL else [{"term": {"status": question.shown.value}}]
    return shown + ([_between(question.since, question.until)] if question.since or question.until else [])


def _named(filters: Filters) -> list[Json]:
    by_fields = {
        ("source.id", "source.name", "source.domain"): filters.sources,
        ("topics.code", "topics.name"): filters.topics,
        tuple(f"{kind}.{part}" for kind in ENTITY_FIELDS for part in ("id", "name")): filters.entities,
    }
    found = [_any_of(fields, values) for fields, values in by_fields.items() if values]
    return found + ([{"terms": {"language": list(filters.languages)}}] if filters.languages else [])


def _any_of(fields: tuple[str, ...], values: tuple[str, ...]) -> Json:
    """Names are kept as they are written; people search them without minding capitals."""
    terms = [
        {"term": {field: {"value": value, "case_insensitive": True}}} for field in fields for value in values
    ]
    return {"bool": {"should": terms, "minimum_should_match": 1}}


def _between(since: datetime | None, until: datetime | None) -> Json:
    """By the date of publication; by when it was first seen where that is unknown."""
    bounds = {"gte": since.isoformat()} if since else {}
    bounds |= {"lt": until.isoformat()} if until else {}
    undated = {"bool": {"must_not": {"exists": {"field": "published_at"}}}}
    seen = {"bool": {"filter": [undated, {"range": {"first_seen_at": bounds}}]}}
    return {"bool": {"should": [{"range": {"published_at": bounds}}, seen], "minimum_should_match": 1}}


def _sorting(question: Question) -> list[Json]:
    """Always ends with the id, so that equal hits keep their places."""
    if question.order is Order.RELEVANCE and question.text.strip():
        return [{"_score": "desc"}, {"published_at": "desc"}, {"id": "asc"}]
    direction = "asc" if question.order is Order.OLDEST else "desc"
    return [{"published_at": direction}, {"first_seen_at": direction}, {"id": "asc"}]

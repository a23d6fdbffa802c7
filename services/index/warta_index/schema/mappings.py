"""The type of every field of a document: `EnrichedArticle` as it stands, plus `indexed_at` and `stems`.

Nothing unknown gets in (`dynamic: strict`); `extensions` is the one open field. Entities are plain objects
and not nested ones, stems have no norms: either would make indexing cost about twice as much.
"""

from __future__ import annotations

from typing import Any

from warta_index.schema.analysis import NEUTRAL, STEMMERS
from warta_shared.events.fields import NAME_MAX, TITLE_MAX, URL_MAX

Mapping = dict[str, Any]

UTF16 = 2
"""`ignore_above` counts UTF-16 units, the bounds of events count code points: at most two units each."""

EXTENSION_MAX = 1_024
"""Longer values of extensions stay in the document, but are not searchable."""

DATE = {"type": "date", "format": "strict_date_optional_time"}
UNINDEXED = {"type": "object", "enabled": False}
UNSEARCHED = {"type": "keyword", "index": False, "doc_values": False, "ignore_above": 64}
META = {"schema_version": 1}
STEMMED_FIELDS = ("title", "summary", "body")


def mappings() -> Mapping:
    """The mapping of an index of articles, in the form in which Elasticsearch gives it back."""
    return {
        "dynamic": "strict",
        "_meta": META,
        "_source": {"excludes": ["stems"]},
        "properties": _identity() | _text() | _origin() | _findings() | {"stems": _stems()},
    }


def _identity() -> Mapping:
    return {
        "id": _keyword(64),
        "schema_version": {"type": "short"},
        "revision": {"type": "long"},
        "observed_at": {"type": "date", "format": "epoch_millis"},
        "first_seen_at": DATE,
        "published_at": DATE,
        "published_source": _keyword(64),
        "modified_at": DATE,
        "indexed_at": DATE,
        "status": _keyword(64),
        "content_hash": _keyword(64),
        "story_id": _keyword(64),
        "story_source": _keyword(128),
        "agency": _keyword(300),
        "language_hint": UNSEARCHED,
        "topic_hints": UNSEARCHED,
    }


def _text() -> Mapping:
    """Norms only where every article has the field: on a field that is often absent they slow each flush."""
    return {
        "title": {"type": "text", "analyzer": NEUTRAL, "fields": {"raw": _keyword(TITLE_MAX * UTF16)}},
        "summary": {"type": "text", "analyzer": NEUTRAL, "norms": False},
        "body": {"type": "text", "analyzer": NEUTRAL},
        "language": _keyword(64),
        "language_confidence": {"type": "half_float"},
        "second_language": _keyword(64),
        "word_count": {"type": "integer"},
    }


def _origin() -> Mapping:
    name = _keyword(NAME_MAX * UTF16)
    code = _keyword(128)
    return {
        "url": _keyword(URL_MAX * UTF16, doc_values=False),
        "canonical_url": _keyword(URL_MAX * UTF16),
        "image_url": _keyword(URL_MAX * UTF16, doc_values=False),
        "source": _object(id=code, name=name, domain=name, country=_keyword(64), feed=code),
        "authors": name | {"fields": {"text": {"type": "text", "analyzer": NEUTRAL, "norms": False}}},
        "sections": name,
        "extensions": {"type": "flattened", "ignore_above": EXTENSION_MAX},
    }


def _findings() -> Mapping:
    name = _keyword(NAME_MAX * UTF16)
    entity = {"id": _keyword(128), "name": name, "count": {"type": "integer"}, "mentions": UNINDEXED}
    return {
        "topics": _object(code=_keyword(64), name=name, score={"type": "half_float"}),
        **{kind: _object(**entity) for kind in ("people", "organisations", "places", "laws", "tickers")},
        "amounts": _object(**entity, amount={"type": "double"}, currency=_keyword(64)),
        "percentages": _object(**entity, value={"type": "double"}),
        "dates": _object(**entity, date=_keyword(64)),
        "enrichment": _object(version=_keyword(128), models=_keyword(128)),
    }


def _stems() -> Mapping:
    return _object(
        **{
            language: _object(
                **{field: {"type": "text", "analyzer": analyzer, "norms": False} for field in STEMMED_FIELDS}
            )
            for language, analyzer in STEMMERS.items()
        }
    )


def _keyword(ignore_above: int, **options: Any) -> Mapping:
    return {"type": "keyword", "ignore_above": ignore_above, **options}


def _object(**properties: Mapping) -> Mapping:
    return {"properties": properties}

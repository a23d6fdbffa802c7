"""Every field that an event can have is mapped, with a type that can hold it; nothing else is mapped."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from pydantic import BaseModel

from enriched_articles import enriched_article, maximal_article
from warta_index.schema.mappings import mappings
from warta_shared.events import EnrichedArticle

ADDED_BY_THE_INDEXER = {
    "indexed_at",
    *(f"stems.{language}.{field}" for language in ("id", "en") for field in ("title", "summary", "body")),
}
ACCEPTED_BY = {
    str: {"text", "keyword", "date"},
    int: {"short", "integer", "long", "date"},
    float: {"half_float", "double"},
}
OPAQUE = {"flattened", "object"}
TYPES = {
    "id": "keyword",
    "schema_version": "short",
    "revision": "long",
    "observed_at": "date",
    "first_seen_at": "date",
    "published_at": "date",
    "modified_at": "date",
    "url": "keyword",
    "canonical_url": "keyword",
    "image_url": "keyword",
    "title": "text",
    "summary": "text",
    "body": "text",
    "language": "keyword",
    "language_confidence": "half_float",
    "status": "keyword",
    "source.id": "keyword",
    "source.feed": "keyword",
    "authors": "keyword",
    "topics.code": "keyword",
    "topics.score": "half_float",
    "people.id": "keyword",
    "people.name": "keyword",
    "people.count": "integer",
    "people.mentions": "object",
    "amounts.amount": "double",
    "amounts.currency": "keyword",
    "percentages.value": "double",
    "dates.date": "keyword",
    "story_id": "keyword",
    "story_source": "keyword",
    "agency": "keyword",
    "language_hint": "keyword",
    "topic_hints": "keyword",
    "word_count": "integer",
    "content_hash": "keyword",
    "enrichment.models": "keyword",
    "extensions": "flattened",
}


def mapped_fields(properties: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    for name, field in properties.items():
        if "properties" in field:
            yield from mapped_fields(field["properties"], f"{path}{name}.")
        else:
            yield f"{path}{name}", field


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and MAPPED.get(path, {}).get("type") not in OPAQUE:
        for name, item in value.items():
            yield from leaves(item, f"{path}.{name}".lstrip("."))
    elif isinstance(value, list) and MAPPED.get(path, {}).get("type") not in OPAQUE:
        for item in value:
            yield from leaves(item, path)
    else:
        yield path, value


def models_within(value: Any) -> Iterator[BaseModel]:
    if isinstance(value, BaseModel):
        yield value
        for name in type(value).model_fields:
            yield from models_within(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from models_within(item)


MAPPED = dict(mapped_fields(mappings()["properties"]))


def test_the_maximal_article_leaves_no_field_out() -> None:
    for model in models_within(maximal_article()):
        for name in type(model).model_fields:
            assert getattr(model, name) not in (None, (), {}), f"{type(model).__name__}.{name} is empty"


def test_every_leaf_of_the_maximal_article_is_mapped_with_a_type_that_holds_it() -> None:
    for path, value in leaves(orjson.loads(maximal_article().model_dump_json())):
        assert path in MAPPED, f"{path} is not mapped"
        kind = MAPPED[path]["type"]
        assert kind in OPAQUE or kind in ACCEPTED_BY[type(value)], f"{path}: {value!r} in a {kind} field"


def test_nothing_is_mapped_that_no_event_and_no_indexer_writes() -> None:
    written = {path for path, _ in leaves(orjson.loads(maximal_article().model_dump_json()))}
    assert set(MAPPED) - written == ADDED_BY_THE_INDEXER


@pytest.mark.parametrize(("path", "kind"), TYPES.items())
def test_the_type_that_apps_rely_on(path: str, kind: str) -> None:
    assert MAPPED[path]["type"] == kind


def test_unknown_fields_are_refused_at_the_top_and_nowhere_allowed_again() -> None:
    assert mappings()["dynamic"] == "strict"
    assert "dynamic" not in str(mappings()["properties"])


def test_observed_at_is_read_as_milliseconds() -> None:
    assert MAPPED["observed_at"]["format"] == "epoch_millis"


def test_mentions_are_kept_but_not_indexed() -> None:
    kinds = [path for path in MAPPED if path.endswith(".mentions")]
    assert len(kinds) == 8
    assert all(MAPPED[path]["enabled"] is False for path in kinds)


@pytest.mark.parametrize("path", [path for path, field in MAPPED.items() if field["type"] == "keyword"])
def test_no_keyword_can_be_longer_than_elasticsearch_takes(path: str) -> None:
    """32,766 bytes; `ignore_above` counts UTF-16 units, each at most three bytes of UTF-8."""
    assert MAPPED[path]["ignore_above"] * 3 <= 32_766


def test_extension_values_with_their_key_stay_below_the_limit_too() -> None:
    assert MAPPED["extensions"]["ignore_above"] * 3 + 64 + 1 <= 32_766


@pytest.mark.parametrize(
    ("path", "bound"),
    [("url", 2_048), ("people.name", 300), ("authors", 300), ("source.id", 128), ("id", 26)],
)
def test_a_value_within_the_bound_of_the_event_is_always_indexed(path: str, bound: int) -> None:
    """The bound counts code points; outside of the basic plane each is two UTF-16 units."""
    units = bound * 2 if path in ("url", "people.name", "authors") else bound
    assert MAPPED[path]["ignore_above"] >= units


def test_norms_only_on_text_that_every_article_has() -> None:
    with_norms = {
        path for path, field in MAPPED.items() if field["type"] == "text" and field.get("norms", True)
    }
    assert with_norms == {"title", "body"}
    required = {name for name, field in EnrichedArticle.model_fields.items() if field.is_required()}
    assert with_norms <= required


def test_the_smallest_article_fits_as_well() -> None:
    for path, value in leaves(orjson.loads(enriched_article().model_dump_json())):
        assert value is None or path in MAPPED or value == {}

"""The bounds of events, at the limit and one past it: docs/events.md promises them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from builders import ID, raw_article
from warta_shared.events import Entry, InvalidMessage, RawArticle, decode_event
from warta_shared.events.entry import ITEMS_MAX

ARTICLE: dict[str, Any] = json.loads(raw_article().model_dump_json())


def decode(**given: Any) -> RawArticle:
    return decode_event(Entry(ID, json.dumps(ARTICLE | given).encode()), RawArticle)


def refusal(body: str) -> str:
    with pytest.raises(InvalidMessage) as refused:
        decode_event(Entry(ID, body.encode()), RawArticle)
    assert refused.value.reason == "invalid-event"
    return refused.value.detail


@pytest.mark.parametrize(
    ("field", "at_the_limit", "past_it"),
    [
        ("title", "x" * 1_000, "x" * 1_001),
        ("title", "📰" * 1_000, "📰" * 1_001),
        ("title", "x", ""),
        ("summary", "x" * 10_000, "x" * 10_001),
        ("body", "x" * 1_000_000, "x" * 1_000_001),
        ("body", "x", ""),
        ("url", "https://a.example/" + "x" * 2_030, "https://a.example/" + "x" * 2_031),
        ("url", "http://a.example", "javascript:alert(1)"),
        ("url", "https://a.example/a%20b", "https://a.example/a b"),
        ("authors", ["x"] * 50, ["x"] * 51),
        ("authors", ["x" * 300], ["x" * 301]),
        ("sections", ["x"] * 50, ["x"] * 51),
        ("topic_hints", ["04000000"] * 20, ["04000000"] * 21),
        ("topic_hints", ["04000000"], ["4000000"]),
        ("extensions", {f"k{n}": n for n in range(50)}, {f"k{n}": n for n in range(51)}),
        ("extensions", {"k" * 64: "v"}, {"k" * 65: "v"}),
        ("extensions", {"k": 2**53 - 1}, {"k": [1]}),
        ("extensions", {"k": True}, {"a.b": True}),
        ("word_count", 2**31 - 1, 2**31),
        ("word_count", 0, -1),
        ("revision", 1, 0),
        ("observed_at", 253_402_300_799_999, 253_402_300_800_000),
        ("content_hash", "a" * 32, "A" * 32),
        ("source", {"id": "GALERT", "country": "ID"}, {"id": "GALERT", "country": "id"}),
        ("source", {"id": "a" * 128}, {"id": "a" * 129}),
        ("status", "withdrawn", "gone"),
        ("language_hint", "zh-Hant-TW", "chinese!"),
        ("schema_version", 1, 2),
    ],
)
def test_at_the_limit_and_past_it(field: str, at_the_limit: Any, past_it: Any) -> None:
    assert json.loads(decode(**{field: at_the_limit}).model_dump_json(include={field}))[field] is not None
    assert refusal(json.dumps(ARTICLE | {field: past_it})).startswith(field)


@pytest.mark.parametrize("field", ["title", "summary", "body"])
@pytest.mark.parametrize("escape", [r"\u0000", r"\ud800", r"\udfff", r"\udc00\ud800"])
def test_what_json_redis_or_elasticsearch_cannot_carry(field: str, escape: str) -> None:
    body = json.dumps(ARTICLE | {field: "HERE"}).replace('"HERE"', f'"a{escape}b"')
    assert refusal(body)


def test_a_pair_of_surrogates_is_one_character() -> None:
    body = json.dumps(ARTICLE | {"title": "HERE"}).replace("HERE", r"\ud83d\udcf0")
    assert decode_event(Entry(ID, body.encode()), RawArticle).title == "📰"


@pytest.mark.parametrize(
    "written",
    [
        "2025-06-02T12:00:00",
        "2025-06-02",
        1_748_865_600,
        1_748_865_600.5,
        "1748865600",
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00",
        "noon: soon",
        "",
    ],
)
def test_a_time_has_a_zone_and_lies_in_the_calendar(written: Any) -> None:
    assert refusal(json.dumps(ARTICLE | {"published_at": written})).startswith("published_at")


def test_a_time_is_sent_as_utc_with_milliseconds() -> None:
    article = decode(published_at="2025-06-02T19:00:00.123987+07:00")
    assert article.published_at == datetime(2025, 6, 2, 12, 0, 0, 123_000, tzinfo=UTC)
    assert json.loads(article.model_dump_json())["published_at"] == "2025-06-02T12:00:00.123Z"


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_number_is_finite(number: str) -> None:
    body = json.dumps(ARTICLE | {"extensions": {"k": "HERE"}}).replace('"HERE"', number)
    assert refusal(body)


def test_a_field_that_is_not_known_is_a_writer_s_mistake() -> None:
    assert refusal(json.dumps(ARTICLE | {"titel": "x"})).startswith("titel")


def test_an_entry_and_its_event_have_one_id() -> None:
    with pytest.raises(InvalidMessage, match="id-mismatch"):
        decode_event(Entry("b" * 26, json.dumps(ARTICLE).encode()), RawArticle)


@pytest.mark.parametrize("flood", ["[" + "0," * ITEMS_MAX + "0]", "{" + '"a":0,' * ITEMS_MAX + '"b":0'])
def test_a_flood_of_items_is_refused_as_a_whole(flood: str) -> None:
    assert len(refusal(flood)) < 300


def test_many_commas_in_a_text_are_no_flood() -> None:
    assert decode(body="," * (ITEMS_MAX * 2)).body == "," * (ITEMS_MAX * 2)


def test_a_long_list_of_errors_is_told_in_short() -> None:
    assert len(refusal(json.dumps({f"x{number}" * 50: 1 for number in range(1_000)}))) <= 1_000

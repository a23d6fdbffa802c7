"""entry -> document: the event's bytes unchanged, two fields added; everything else is refused by name."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enriched_articles import ARTICLE_ID, OBSERVED_AT, enriched_article, entry_of, maximal_article
from warta_index.document import Document, build_document
from warta_shared.events import Entry, InvalidMessage

NOW = datetime(2025, 11, 25, 4, 30, 0, 123_456, tzinfo=UTC)


def document_of(**changes: object) -> Document:
    return build_document(entry_of(enriched_article(**changes)), NOW)


def test_the_event_passes_through_byte_for_byte() -> None:
    entry = entry_of(maximal_article())
    document = build_document(entry, NOW)
    assert document.body.startswith(entry.body[:-1])
    assert document.id == ARTICLE_ID
    assert document.version == OBSERVED_AT


def test_what_is_added_is_the_time_and_the_stems_of_the_own_language() -> None:
    document = orjson.loads(
        document_of(title="Harga naik", summary="Cabai", body="Di pasar.", language="id").body
    )
    assert document["indexed_at"] == "2025-11-25T04:30:00.123Z"
    assert document["stems"] == {"id": {"title": "Harga naik", "summary": "Cabai", "body": "Di pasar."}}


@pytest.mark.parametrize(
    ("language", "stemmed"),
    [("id", ["id"]), ("en", ["en"]), ("en-GB", ["en"]), ("ms", []), ("jv", []), ("und", []), ("enm", [])],
)
def test_only_languages_with_a_stemmer_have_stems(language: str, stemmed: list[str]) -> None:
    document = orjson.loads(document_of(language=language).body)
    assert list(document.get("stems", {})) == stemmed


def test_absent_texts_have_no_stems() -> None:
    assert set(orjson.loads(document_of(summary=None).body)["stems"]["id"]) == {"title", "body"}


def test_the_time_is_utc_whatever_the_clock_says() -> None:
    jakarta = NOW.astimezone(timezone(timedelta(hours=7)))
    document = build_document(entry_of(enriched_article()), jakarta)
    assert orjson.loads(document.body)["indexed_at"] == "2025-11-25T04:30:00.123Z"


def test_without_a_version_in_the_entry_the_event_has_it() -> None:
    entry = replace(entry_of(enriched_article()), observed_at=None)
    assert build_document(entry, NOW).version == OBSERVED_AT


GOOD = orjson.loads(entry_of(enriched_article()).body)


def body_with(**changes: object) -> bytes:
    return orjson.dumps(GOOD | changes)


def body_without(field: str) -> bytes:
    return orjson.dumps({name: value for name, value in GOOD.items() if name != field})


BAD_BODIES = [
    (b"", "not-an-object"),
    (b"{", "not-an-object"),
    (b"{}}", "invalid-event"),
    (b"null", "not-an-object"),
    (b"[]", "not-an-object"),
    (b'"text"', "not-an-object"),
    (b"{}", "invalid-event"),
    (orjson.dumps(GOOD) + orjson.dumps(GOOD), "not-json"),
    (orjson.dumps(GOOD, option=orjson.OPT_INDENT_2), "not-one-line"),
    (orjson.dumps(GOOD) + b'\n{"delete":{"_id":"x"}}\n', "not-one-line"),
    (orjson.dumps(GOOD) + b'\r{"delete":{"_id":"x"}}\r', "not-one-line"),
    (orjson.dumps(GOOD) + b" ", "not-an-object"),
    (orjson.dumps(GOOD).replace(b"Harga", b"\xff\xfe"), "not-json"),
    (orjson.dumps(GOOD).replace(b"Harga", b"\\ud800"), "not-json"),
    (b"[" * 5_000 + b"]" * 5_000, "not-an-object"),
    (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, "invalid-event"),
    (body_with(id="z" * 26), "id-mismatch"),
    (body_with(id=None), "invalid-event"),
    (body_with(evil=1), "invalid-event"),
    (body_with(indexed_at="2025-01-01T00:00:00Z"), "invalid-event"),
    (body_with(stems={}), "invalid-event"),
    (body_without("title"), "invalid-event"),
    (body_without("observed_at"), "invalid-event"),
    (body_without("language"), "invalid-event"),
    (body_with(observed_at="1764000000000"), "invalid-event"),
    (body_with(observed_at=True), "invalid-event"),
    (body_with(observed_at=-1), "invalid-event"),
    (body_with(observed_at=2**63), "invalid-event"),
    (body_with(observed_at=OBSERVED_AT + 1), "version-mismatch"),
    (body_with(source="GALERT"), "invalid-event"),
    (body_with(authors=["x"]).replace(b'"x"', b'"\xff"'), "not-json"),
    (body_with(authors=["x"]).replace(b'"x"', b'"\\ud800"'), "not-json"),
    (body_with(authors=["x"]).replace(b'"x"', b'"\\udc00\\ud800"'), "not-json"),
    (body_with(authors=["x"]).replace(b'["x"]', b"[" * 5_000 + b"]" * 5_000), "not-json"),
    (body_with(authors=["x"]).replace(b'["x"]', b"NaN"), "not-json"),
    (body_with(authors=["x"]).replace(b'["x"]', b"[01]"), "not-json"),
    (body_with(authors=["x"]).replace(b'"x"', b'"\x01"'), "not-json"),
    (body_with(authors=["x"]).replace(b'["x"]', b"[1,]"), "not-json"),
    (body_with(language=5), "invalid-event"),
    (body_with(title={"a": 1}), "invalid-event"),
    (body_with(body=None), "invalid-event"),
    (body_with(title="x" * 1_001), "invalid-event"),
    (body_with(summary="x" * 10_001), "invalid-event"),
    (body_with(body="x" * 1_000_001), "invalid-event"),
]


@pytest.mark.parametrize(("body", "reason"), BAD_BODIES, ids=range(len(BAD_BODIES)))
def test_what_can_never_be_a_document_is_refused_by_name(body: bytes, reason: str) -> None:
    with pytest.raises(InvalidMessage) as refused:
        build_document(Entry(id=ARTICLE_ID, body=body, observed_at=OBSERVED_AT), NOW)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    "identity", ["", "short", ARTICLE_ID.upper(), f"{ARTICLE_ID[:25]}\n", f'{ARTICLE_ID[:24]}"}}']
)
def test_an_id_that_could_leave_its_place_in_the_request_is_refused(identity: str) -> None:
    with pytest.raises(InvalidMessage, match="id-mismatch"):
        build_document(Entry(id=identity, body=body_with(id=identity), observed_at=OBSERVED_AT), NOW)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=300))
def test_any_text_stays_on_one_line_and_comes_back_as_it_was(text: str) -> None:
    body = document_of(title=text, body=text).body
    assert b"\n" not in body
    assert b"\r" not in body
    document = orjson.loads(body)
    assert document["title"] == text
    assert document["stems"]["id"]["body"] == text


@given(st.binary(max_size=400))
def test_any_bytes_are_a_document_or_an_invalid_message(body: bytes) -> None:
    with pytest.raises(InvalidMessage):
        build_document(Entry(id=ARTICLE_ID, body=body, observed_at=OBSERVED_AT), NOW)

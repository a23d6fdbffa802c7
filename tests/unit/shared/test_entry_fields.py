"""Entries: what is written is read again, and whatever anyone writes is an entry or is refused by name."""

from __future__ import annotations

import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warta_shared.delivery.commit import Received, dead_letter_entry
from warta_shared.delivery.hop import ENRICH
from warta_shared.delivery.outcome import Dead, label
from warta_shared.events import DeadLetter, Entry, InvalidMessage, RawArticle, decode_event
from warta_shared.events.entry import BODY_BYTES_MAX

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
NAMES = st.sampled_from([b"v", b"id", b"observed_at", b"traceparent", b"body"])
VALUES = st.one_of(
    st.binary(max_size=200), st.sampled_from([b"1", b"2", b"", b"1764000000000", TRACE.encode()])
)
HOSTILE = st.dictionaries(st.one_of(NAMES, st.binary(max_size=20)), VALUES, max_size=10)
ENTRIES = st.builds(
    Entry,
    id=st.text(st.characters(max_codepoint=127), max_size=128),
    body=st.binary(max_size=300),
    observed_at=st.one_of(st.none(), st.integers(0, 10**15 - 1)),
    traceparent=st.sampled_from(["", TRACE]),
)
ANY_CHARACTER = st.characters(exclude_categories=())  # lone surrogates too
REFUSALS = {"not-an-entry", "unknown-schema-version", "body-too-large"}


def fields_of(entry: Entry) -> dict[bytes, bytes]:
    flat = entry.fields()
    return dict(zip(flat[::2], flat[1::2], strict=True))


@given(ENTRIES)
def test_what_is_written_is_read_again(entry: Entry) -> None:
    assert Entry.from_fields(fields_of(entry)) == entry


@given(HOSTILE)
def test_whatever_anyone_writes_is_an_entry_or_refused(fields: dict[bytes, bytes]) -> None:
    try:
        entry = Entry.from_fields(fields)
    except InvalidMessage as invalid:
        assert invalid.reason in REFUSALS
        assert len(invalid.detail) < 1_000
    else:
        assert Entry.from_fields(fields_of(entry)) == entry


@given(st.binary(max_size=500))
def test_any_body_is_an_event_or_refused(body: bytes) -> None:
    with pytest.raises(InvalidMessage) as refused:
        decode_event(Entry("a", body), RawArticle)
    assert refused.value.reason == "invalid-event"
    assert len(refused.value.detail) <= 1_000


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({b"id": b"\xff"}, "not-an-entry"),
        ({b"id": b"x" * 129}, "not-an-entry"),
        ({b"observed_at": b"-1"}, "not-an-entry"),
        ({b"observed_at": b"1" * 16}, "not-an-entry"),
        ({b"observed_at": "٣".encode()}, "not-an-entry"),
        ({b"observed_at": b"1\n"}, "not-an-entry"),
        ({b"v": b"99"}, "unknown-schema-version"),
        ({b"body": b"x" * (BODY_BYTES_MAX + 1)}, "body-too-large"),
    ],
)
def test_refused(change: dict[bytes, bytes], reason: str) -> None:
    with pytest.raises(InvalidMessage) as refused:
        Entry.from_fields(fields_of(Entry("a", b"{}")) | change)
    assert refused.value.reason == reason


@pytest.mark.parametrize("missing", [b"id", b"body"])
def test_an_entry_lacks_nothing_it_needs(missing: bytes) -> None:
    fields = fields_of(Entry("a", b"{}"))
    del fields[missing]
    with pytest.raises(InvalidMessage, match="not-an-entry"):
        Entry.from_fields(fields)


def test_bounds_that_are_still_allowed() -> None:
    entry = Entry("x" * 128, b"x" * BODY_BYTES_MAX, observed_at=10**15 - 1)
    assert Entry.from_fields(fields_of(entry)) == entry


@pytest.mark.parametrize("trace", [b"\xff", b"00-abc", TRACE.upper().encode(), TRACE.encode() + b"\n"])
def test_a_trace_that_cannot_be_read_is_ignored(trace: bytes) -> None:
    assert Entry.from_fields(fields_of(Entry("a", b"{}")) | {b"traceparent": trace}).traceparent == ""


@given(HOSTILE, st.text(ANY_CHARACTER, max_size=3_000), st.text(ANY_CHARACTER), st.integers(0, 100))
def test_a_dead_letter_of_anything_can_be_read_and_keeps_the_original(
    fields: dict[bytes, bytes], detail: str, reason: str, deliveries: int
) -> None:
    received = Received(b"1-0", fields, deliveries)
    entry = dead_letter_entry(ENRICH, 3, "host-1-00000000", received, Dead(reason, detail))
    letter = DeadLetter.model_validate_json(entry.body)
    assert {name.encode("latin-1"): value for name, value in letter.original.items()} == fields
    assert letter.reason == label(reason)
    assert fields_of(entry)[b"body"] == entry.body


def test_a_dead_letter_s_values_are_in_base64() -> None:
    entry = dead_letter_entry(ENRICH, None, "c", Received(b"1-0", {b"x": b"\x00\xff"}), Dead("r"))
    assert base64.b64encode(b"\x00\xff") in entry.body


@given(st.text(ANY_CHARACTER))
def test_a_label_is_a_label(reason: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}", label(reason))


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("http-404", "http-404"),
        ("asked for!", "asked-for-"),
        ("", "unspecified"),
        ("...", "unspecified"),
        ("é", "unspecified"),
    ],
)
def test_labels(reason: str, told: str) -> None:
    assert label(reason) == told

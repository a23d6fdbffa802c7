"""What of Redis a backup holds: every key has its part, and a record survives its line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warta_ingest.feeds import store
from warta_ingest.poll import schedule
from warta_shared.delivery.names import STREAMS, key
from warta_shared.keyspace import kept
from warta_shared.keyspace.kept import COUNTS, FLEETING, RECORDS, STATE, Part, name_of, part_of
from warta_shared.keyspace.record import Kind, Record, UnreadableRecord
from warta_shared.secrets.redis_acl import KEYS

ROOT = Path(__file__).parents[3]


def names_in_the_code() -> set[str]:
    files = [path for folder in ("services", "shared") for path in (ROOT / folder).rglob("*.py")]
    return {name for path in files for name in re.findall(r'\bkey\("([a-z.-]+)"', path.read_text())} - {
        "seen"
    }


def test_every_key_of_the_code_is_kept_or_fleeting() -> None:
    found = names_in_the_code()
    assert len(found) > 10
    assert {name for name in found if part_of(name) is None and name not in FLEETING | COUNTS} == set()
    assert not (FLEETING | COUNTS) & (STATE | RECORDS | set(STREAMS))


def test_the_operator_may_touch_every_key_that_is_kept() -> None:
    patterns = [word.removeprefix("~").rstrip("*") for word in KEYS["operator"].split()]
    for name in STATE | RECORDS | set(STREAMS):
        assert any(name.startswith(pattern) for pattern in patterns), name


@pytest.mark.parametrize(
    ("spelled", "name"),
    [
        (key("registry", 7, "ff"), "registry"),
        (key("articles.raw", 7), "articles.raw"),
        (key("articles.dead", None), "articles.dead"),
        (key("feed", None, "kabar:x\n{p1}"), "feed"),
        ("story.{story}:r2931:1a", "story"),
        ("", ""),
        ("Somebody's own", ""),
    ],
)
def test_the_name_of_a_key(spelled: str, name: str) -> None:
    assert name_of(spelled) == name


def test_what_is_done_is_read_before_what_it_was_done_to() -> None:
    assert list(Part) == [Part.STATE, Part.REGISTRY, Part.STREAMS]
    assert [kept.STREAMS.index(name) for name in ("pages.found", "articles.raw", "articles.enriched")] == [
        1,
        2,
        3,
    ]
    assert set(kept.STREAMS) == set(STREAMS)


def test_the_feeds_are_spelled_as_ingest_spells_them() -> None:
    assert kept.LAST == (store.KEY, schedule.KEY)
    assert store.REVISION.encode() == kept.COUNTER


@given(
    st.text(min_size=1),
    st.sampled_from(Kind),
    st.lists(st.binary()).map(tuple),
    st.none() | st.integers(0, 2**40),
    st.sampled_from(["", "1764000000000-0"]),
)
def test_a_record_survives_its_line(
    spelled: str, kind: Kind, values: tuple[bytes, ...], ttl: int | None, entry_id: str
) -> None:
    record = Record(spelled, kind, values, ttl, entry_id)
    line = record.line()
    assert line.count(b"\n") == 1
    assert Record.read(line) == record


def test_people_can_read_what_is_text() -> None:
    line = Record("feed:a", Kind.HASH, (b"etag", b'"x"', b"raw", b"\xff"), 5).line()
    assert (
        line
        == b'{"key":"feed:a","kind":"hash","ttl":5,"values":["etag","\\"x\\"","raw",{"base64":"/w=="}]}\n'
    )


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"key":"a","kind":"list","values":[]}',
        b'{"key":"a","kind":"hash","values":[1]}',
    ],
)
def test_what_is_no_record_is_refused(line: bytes) -> None:
    with pytest.raises(UnreadableRecord):
        Record.read(line)

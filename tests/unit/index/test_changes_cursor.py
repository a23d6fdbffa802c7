"""The cursor of the changes: what a reader keeps, and what becomes of it when the index is another one."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warta_index.changes.checkpoint import Checkpoint
from warta_index.changes.cursor import Cursor, CursorError, read_cursor
from warta_index.changes.run import OVERLAP_MS, continued, kind_of

NEWEST = 1_750_000_000_000


@given(
    st.builds(
        Cursor,
        st.text(max_size=30),
        st.lists(st.integers(-1, 2**53), max_size=20).map(tuple),
        st.integers(0, NEWEST),
        st.integers(0, NEWEST),
        st.booleans(),
    )
)
def test_it_is_read_as_it_was_written(cursor: Cursor) -> None:
    assert read_cursor(cursor.written()) == cursor


def packed(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


@pytest.mark.parametrize(
    "written",
    [
        "", "x", "start", "é", packed(b"[]"), packed(b'[2,"u",0,0,true,1]'), packed(b'[1,"u",0,0,true,"1"]'),
        packed(b'[1,"u",0,0,1,1]'), packed(b'[1,"u",-9,0,true,1]'), packed(b'{"a":1}'), packed(b"[" * 5_000),
        Cursor("u", (1,)).written()[:-3],
    ],
)  # fmt: skip
def test_what_is_none_is_refused(written: str) -> None:
    with pytest.raises(CursorError):
        read_cursor(written)


@given(st.text(max_size=100))
def test_any_text_is_a_cursor_or_none(written: str) -> None:
    try:
        read_cursor(written)
    except CursorError as error:
        assert "cursor" in str(error)


def test_in_the_same_index_it_goes_on() -> None:
    cursor = Cursor("a", (5, 7), NEWEST, whole=True)
    assert continued(cursor, Checkpoint("articles-v1", "a", (9, 9))) == cursor


def test_in_another_index_what_was_seen_long_before_is_old() -> None:
    cursor = continued(Cursor("a", (5,), NEWEST, whole=True), Checkpoint("articles-v2", "b", (9, 9)))
    assert cursor == Cursor("b", (-1, -1), NEWEST, floor=NEWEST - OVERLAP_MS)


def test_who_had_not_seen_all_of_the_first_index_sees_all_of_the_next() -> None:
    for floor in (0, NEWEST):
        cursor = continued(Cursor("a", (5,), NEWEST + 1, floor), Checkpoint("articles-v2", "b", (9,)))
        assert cursor == Cursor("b", (-1,), NEWEST + 1, floor)


@pytest.mark.parametrize(
    ("status", "revision", "kind"),
    [
        ("usable", 1, "new"),
        ("usable", 2, "edited"),
        ("withdrawn", 3, "withdrawn"),
        ("withdrawn", 1, "withdrawn"),
        ("withheld", 1, "withheld"),
    ],
)
def test_what_a_change_is(status: str, revision: int, kind: str) -> None:
    assert kind_of({"status": status, "revision": revision}) == kind

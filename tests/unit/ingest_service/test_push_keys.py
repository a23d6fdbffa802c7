"""Who may push: the keys of the file, and how what is presented is compared with what is stored."""

from __future__ import annotations

import hmac
import inspect
import re

import pytest

from warta_ingest.push.key_store import KeyRecord, parsed
from warta_ingest.push.keys import Holder, PushKey, keys_of_file, matching, presented
from warta_ingest.push.problem import Problem
from warta_shared.secrets.push_keys import digest, key_line, new_push_key

# Of the form that new_push_key gives; the same in every run, since they stand in the names of tests.
FIRST, SECOND = f"warta_{'F' * 43}", f"warta_{'s' * 43}"
LINES = f"{key_line('wire', FIRST)}\n\n  {key_line('desk', SECOND)}  \n"
NOW = 1_748_865_600_000


def name_of(lines: str, secret: str) -> str | None:
    found = matching(keys_of_file(lines), digest(secret))
    return found.holder.name if found else None


def test_a_key_is_of_that_form() -> None:
    assert re.fullmatch(r"warta_[A-Za-z0-9_-]{43}", new_push_key())


def test_a_keys_holder_is_named() -> None:
    assert name_of(LINES, FIRST) == "wire"
    assert name_of(LINES, SECOND) == "desk"
    assert name_of(LINES, new_push_key()) is None
    assert keys_of_file(" \n") == []


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER  "])
def test_the_scheme_is_bearer_in_any_letters(scheme: str) -> None:
    assert presented(scheme + FIRST) == digest(FIRST)


@pytest.mark.parametrize("header", [None, "", FIRST, "Bearer", "Bearer ", f"Basic {FIRST}"])
def test_anything_else_is_401(header: str | None) -> None:
    with pytest.raises(Problem) as problem:
        presented(header)
    assert problem.value.status == 401


def test_a_name_may_have_two_keys_while_they_are_rotated() -> None:
    lines = f"{key_line('wire', FIRST)}\n{key_line('wire', SECOND)}"
    assert name_of(lines, FIRST) == name_of(lines, SECOND) == "wire"


def test_hashes_may_be_written_in_capitals() -> None:
    name, _, stored = key_line("wire", FIRST).partition(":")
    assert name_of(f"{name}:{stored.upper()}", FIRST) == "wire"


@pytest.mark.parametrize(
    "line",
    [
        FIRST,
        "wire",
        "wire:",
        f"wire:{'0' * 63}",
        f"wire:{'g' * 64}",
        f"wire:{'é' * 64}",
        f":{'0' * 64}",
        f"two words:{'0' * 64}",
        f"wire:{'0' * 64}:more",
    ],
)
def test_a_malformed_line_is_named_by_its_number_and_not_shown(line: str) -> None:
    with pytest.raises(ValueError, match="line 2: it must be name:sha256") as refused:
        keys_of_file(f"{key_line('desk', SECOND)}\n{line}\n")
    assert line not in str(refused.value)


def test_every_stored_hash_is_compared_and_in_constant_time() -> None:
    """Stopping at a match would tell its place, `==` how much of a hash was right."""
    compared: list[str] = []

    def compare(stored: str, shown: str) -> bool:
        compared.append(stored)
        return hmac.compare_digest(stored, shown)

    matching(keys_of_file(LINES), digest(FIRST), compare)
    assert compared == [digest(FIRST), digest(SECOND)]
    assert inspect.signature(matching).parameters["compare"].default is hmac.compare_digest


def test_a_key_expires_at_its_moment_or_never() -> None:
    holder = Holder("warta_12345678", "wire")
    assert not PushKey(holder, "", NOW).expired(NOW - 1)
    assert PushKey(holder, "", NOW).expired(NOW)
    assert not PushKey(holder, "").expired(NOW)


def test_a_holder_with_sources_may_push_those_and_others_all() -> None:
    assert Holder("a", "a").may_push("ANY")
    bound = Holder("a", "a", sources=frozenset({"POST"}))
    assert (bound.may_push("POST"), bound.may_push("post"), bound.may_push("KABAR")) == (True, False, False)


RECORD = b'{"name":"wire","digest":"ab","created_at":2,"expires_at":null,"per_minute":60,"sources":["S"]}'


def test_a_record_is_read_as_it_was_written() -> None:
    assert parsed({b"warta_1": RECORD}) == {"warta_1": KeyRecord("wire", "ab", 2, None, 60, ("S",))}


@pytest.mark.parametrize(
    "record",
    [
        b"",
        b"[]",
        b"\xff",
        b'{"name":"wire"}',
        RECORD.replace(b'"ab"', b"5"),
        RECORD.replace(b"2,", b'2,"only_on":1,', 1),
    ],
)
def test_what_cannot_be_read_whole_is_no_key(record: bytes) -> None:
    """A field that a later release added may be a restriction."""
    assert list(parsed({b"warta_1": record, b"warta_2": RECORD})) == ["warta_2"]

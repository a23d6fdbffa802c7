"""Who may push and how much: keys compared in constant time, a bucket for each."""

from __future__ import annotations

import hmac
import inspect

import pytest

from warta_ingest.push.keys import PushKeys
from warta_ingest.push.problem import Problem
from warta_ingest.push.rate import RateLimit
from warta_shared.secrets.push_keys import digest, key_line, new_push_key

FIRST, SECOND = new_push_key(), new_push_key()
LINES = f"{key_line('wire', FIRST)}\n\n  {key_line('desk', SECOND)}  \r\n"


def status_of(keys: PushKeys, authorization: str | None) -> int:
    with pytest.raises(Problem) as problem:
        keys.holder(authorization)
    assert problem.value.response().headers["www-authenticate"] == 'Bearer realm="warta"'
    return problem.value.status


def test_a_key_has_a_holder() -> None:
    keys = PushKeys(LINES)
    assert keys.holder(f"Bearer {FIRST}") == "wire"
    assert keys.holder(f"bearer   {SECOND} ") == "desk"


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer  ",
        FIRST,
        f"Basic {FIRST}",
        f"Bearer {FIRST[:-1]}",
        f"Bearer {FIRST}x",
        f"Bearer {FIRST.upper()}",
        f"Bearer {key_line('wire', FIRST).partition(':')[2]}",
        "Bearer \u00ff\u00fe",
        "Bearer " + "x" * 60_000,
    ],
)
def test_everything_else_is_unauthorised(authorization: str | None) -> None:
    assert status_of(PushKeys(LINES), authorization) == 401


def test_without_keys_nobody_may_push() -> None:
    assert not PushKeys("")
    assert status_of(PushKeys(" \n"), f"Bearer {FIRST}") == 401


def test_a_name_may_have_two_keys_while_they_are_rotated() -> None:
    keys = PushKeys(f"{key_line('wire', FIRST)}\n{key_line('wire', SECOND)}")
    assert keys.holder(f"Bearer {FIRST}") == keys.holder(f"Bearer {SECOND}") == "wire"


def test_hashes_may_be_written_in_capitals() -> None:
    name, _, stored = key_line("wire", FIRST).partition(":")
    assert PushKeys(f"{name}:{stored.upper()}").holder(f"Bearer {FIRST}") == "wire"


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
        PushKeys(f"{key_line('desk', SECOND)}\n{line}\n")
    assert line not in str(refused.value)


def test_every_stored_hash_is_compared_and_in_constant_time() -> None:
    """Stopping at a match would tell its place, `==` how much of a hash was right."""
    compared: list[str] = []

    def compare(stored: str, presented: str) -> bool:
        compared.append(stored)
        return hmac.compare_digest(stored, presented)

    keys = PushKeys(LINES, compare)
    keys.holder(f"Bearer {FIRST}")
    assert compared == [digest(FIRST), digest(SECOND)]
    assert inspect.signature(PushKeys).parameters["compare"].default is hmac.compare_digest


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def wait_after(limit: RateLimit, holder: str, articles: int) -> float:
    with pytest.raises(Problem) as problem:
        limit.take(holder, articles)
    assert problem.value.status == 429
    assert problem.value.retry_after is not None
    return problem.value.retry_after


def test_a_minutes_articles_may_come_at_once_and_then_it_is_over() -> None:
    clock = Clock()
    limit = RateLimit(60, clock)
    limit.take("wire", 60)
    assert wait_after(limit, "wire", 1) == pytest.approx(1.0)
    assert wait_after(limit, "wire", 30) == pytest.approx(30.0)


def test_waiting_as_long_as_told_is_enough() -> None:
    clock = Clock()
    limit = RateLimit(60, clock)
    limit.take("wire", 45)
    clock.now += wait_after(limit, "wire", 50)
    limit.take("wire", 50)
    assert wait_after(limit, "wire", 1) == pytest.approx(1.0)


def test_a_refusal_costs_nothing() -> None:
    limit = RateLimit(60, Clock())
    wait_after(limit, "wire", 61)
    limit.take("wire", 60)


def test_keys_do_not_share_a_bucket() -> None:
    limit = RateLimit(60, Clock())
    limit.take("wire", 60)
    limit.take("desk", 60)


def test_a_long_silence_fills_the_bucket_and_no_more() -> None:
    clock = Clock()
    limit = RateLimit(60, clock)
    limit.take("wire", 60)
    clock.now += 86_400
    limit.take("wire", 60)
    assert wait_after(limit, "wire", 1) == pytest.approx(1.0)

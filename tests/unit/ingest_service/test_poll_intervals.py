"""When a feed is polled again, and what decided."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warta_ingest.feeds import Interval
from warta_ingest.poll.interval import (
    Wait,
    Wishes,
    after_failure,
    after_gone,
    after_success,
    outside_quiet_hours,
)

BOUNDS = Interval(min=60, max=3_600)
# A Wednesday.
NOON = datetime(2026, 8, 19, 12, 0, tzinfo=UTC)


def asking(ttl: int = 0, hours: tuple[int, ...] = (), days: tuple[int, ...] = ()) -> Wishes:
    return Wishes(ttl, frozenset(hours), frozenset(days))


def never() -> float:
    return 0.0


@pytest.mark.parametrize(
    ("gap", "ttl", "max_age", "expected"),
    [
        (0, None, None, Wait(60, "shortest")),
        (600, None, None, Wait(300, "rhythm")),
        (60, None, None, Wait(60, "shortest")),
        (86_400, None, None, Wait(3_600, "longest")),
        (0, 600, None, Wait(600, "feed")),
        (0, None, 900, Wait(900, "server")),
        (2_400, 600, 900, Wait(1_200, "rhythm")),
        (0, 99_999, None, Wait(3_600, "longest")),
        (0, None, -5, Wait(60, "shortest")),
    ],
)
def test_rhythm_feed_and_server_are_heard_within_the_bounds(
    gap: float, ttl: int | None, max_age: int | None, expected: Wait
) -> None:
    assert after_success(BOUNDS, gap, asking(ttl or 0), max_age) == expected


def test_failures_double_the_wait_up_to_the_longest() -> None:
    waits = [after_failure(BOUNDS, failures, None, jitter=never).seconds for failures in range(8)]
    assert waits == [60, 120, 240, 480, 960, 1_920, 3_600, 3_600]


def test_feeds_that_failed_together_come_back_apart() -> None:
    assert after_failure(BOUNDS, 0, None, jitter=lambda: 1.0).seconds == pytest.approx(66)


def test_a_retry_after_is_waited_for_even_beyond_the_longest_but_not_for_more_than_a_day() -> None:
    assert after_failure(BOUNDS, 0, 30.0, jitter=never) == Wait(60, "backoff")
    assert after_failure(BOUNDS, 0, 7_200.0, jitter=never) == Wait(7_200, "retry-after")
    assert after_failure(BOUNDS, 0, 10.0**9, jitter=never) == Wait(86_400, "retry-after")


@pytest.mark.parametrize(("days", "waits"), [(0, 86_400), (1, 86_400), (1.9, 86_400)])
def test_what_is_said_to_be_gone_is_asked_once_a_day(days: float, waits: float) -> None:
    assert after_gone(days * 86_400) == Wait(waits, "gone")


def test_what_was_said_to_be_gone_on_three_days_is_asked_no_more() -> None:
    assert after_gone(2 * 86_400).seconds > 50 * 365 * 86_400


@given(st.integers(min_value=0, max_value=10**9))
def test_any_number_of_failures_leaves_a_wait_within_the_bounds(failures: int) -> None:
    assert 60 <= after_failure(BOUNDS, failures, None).seconds <= 3_600 * 1.1


@pytest.mark.parametrize(
    ("hours", "days", "seconds"),
    [
        ((), (), 600),
        ((13,), (), 600),
        ((12,), (), 3_600),
        ((12, 13, 14), (), 10_800),
        ((), (2,), 43_200),
        (tuple(range(12, 24)), (3,), 43_200 + 86_400),
    ],
)
def test_a_feeds_quiet_hours_and_days_are_left_out(
    hours: tuple[int, ...], days: tuple[int, ...], seconds: float
) -> None:
    found = outside_quiet_hours(Wait(600, "rhythm"), NOON, asking(hours=hours, days=days), 10**9)
    assert found == Wait(seconds, "rhythm" if seconds == 600 else "quiet-hours")


def test_quiet_hours_end_at_the_operators_longest_interval() -> None:
    assert outside_quiet_hours(Wait(60, "x"), NOON, asking(hours=(12, 13)), 1_800) == Wait(
        1_800, "quiet-hours"
    )


def test_half_an_hour_before_the_end_of_quiet_hours() -> None:
    at = NOON + timedelta(minutes=30)
    assert outside_quiet_hours(Wait(60, "x"), at, asking(hours=(12,)), 3_600) == Wait(1_800, "quiet-hours")

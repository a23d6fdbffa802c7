"""When a feed is polled again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warta_ingest.feeds import Interval
from warta_ingest.poll.interval import GONE_SECONDS, after_failure, after_success

BOUNDS = Interval(min=60, max=3_600)


@pytest.mark.parametrize(
    ("ttl", "max_age", "expected"),
    [
        (None, None, 60),
        (600, None, 600),
        (None, 900, 900),
        (600, 900, 900),
        (10, 0, 60),
        (99_999, None, 3_600),
        (None, -5, 60),
    ],
)
def test_the_feed_and_its_server_are_heard_within_the_bounds(
    ttl: int | None, max_age: int | None, expected: float
) -> None:
    assert after_success(BOUNDS, ttl, max_age) == expected


def test_failures_double_the_wait_up_to_the_longest() -> None:
    waits = [after_failure(BOUNDS, failures, None) for failures in range(8)]
    assert waits == [60, 120, 240, 480, 960, 1_920, 3_600, 3_600]


def test_a_retry_after_is_waited_for_even_beyond_the_longest_but_not_for_more_than_a_day() -> None:
    assert after_failure(BOUNDS, 0, 30.0) == 60
    assert after_failure(BOUNDS, 0, 7_200.0) == 7_200
    assert after_failure(BOUNDS, 0, 10.0**9) == 86_400


def test_what_is_gone_is_asked_for_once_a_day() -> None:
    assert after_failure(BOUNDS, 0, 5.0, gone=True) == GONE_SECONDS == 86_400


@given(st.integers(min_value=0, max_value=10**9))
def test_any_number_of_failures_leaves_a_wait_within_the_bounds(failures: int) -> None:
    assert 60 <= after_failure(BOUNDS, failures, None) <= 3_600

"""What is learned of a feed: its rhythm, its address, how it is."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from warta_ingest.feeds.entry import Child
from warta_ingest.fetcher import Fetched, Hop
from warta_ingest.poll.address import Moved, address, after_failure, after_fetch
from warta_ingest.poll.children import changed
from warta_ingest.poll.condition import Condition, condition, usual_volume, volume
from warta_ingest.poll.rhythm import first_gap, is_silent, next_gap
from warta_ingest.poll.state import FeedState

DAY = 86_400.0
NOW = 1_780_000_000_000
NOON = datetime(2026, 8, 19, 12, 0, tzinfo=UTC)
OLD, NEW = "https://kabar.example/rss", "https://kabar.example/feed"


@pytest.mark.parametrize(
    ("minutes", "gap"),
    [((), 0), ((0,), 0), ((0, 10, 20), 600), ((0, 1, 2, 3, 600), 60), ((5, 5, 5), 0)],
)
def test_the_first_gap_is_the_median_of_the_entries_own_times(minutes: tuple[int, ...], gap: float) -> None:
    assert first_gap(NOON + timedelta(minutes=minute) for minute in minutes) == gap


@pytest.mark.parametrize(
    ("gap", "fresh", "elapsed", "silence", "expected"),
    [
        (0, 3, 600, 0, 200),  # nothing known: what was seen
        (1_000, 1, 500, 0, 850),  # quicker than usual
        (1_000, 0, 500, 500, 1_000),  # nothing new, and nothing was due
        (1_000, 0, 500, 3_000, 1_200),  # silent for longer than usual
        (0, 0, 600, 0, 0),
    ],
)
def test_the_gap_follows_what_polls_bring(
    gap: float, fresh: int, elapsed: float, silence: float, expected: float
) -> None:
    assert next_gap(gap, fresh, elapsed, silence) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("gap", "silence", "silent"),
    [
        (600, DAY, False),
        (600, 3 * DAY, True),
        (DAY, 9 * DAY, False),
        (DAY, 11 * DAY, True),
        (0, 99 * DAY, False),
    ],
)
def test_silent_is_far_beyond_its_own_rhythm(gap: float, silence: float, silent: bool) -> None:
    assert is_silent(gap, silence) is silent


def fetched(*hops: Hop) -> Fetched:
    return Fetched(OLD, hops[-1].to if hops else OLD, hops, 200, {}, b"")


def test_a_move_is_believed_after_three_polls_and_checked_once_a_day() -> None:
    moved = Moved()
    for number in range(3):
        assert address(OLD, moved, NOW + number) == OLD
        moved = after_fetch(OLD, OLD, moved, fetched(Hop(OLD, 301, NEW)), NOW + number)
    assert address(OLD, moved, NOW + 3) == NEW
    assert after_fetch(OLD, NEW, moved, fetched(), NOW + 3) == moved
    assert address(OLD, moved, NOW + 86_400_003) == OLD
    assert after_fetch(OLD, OLD, moved, fetched(), NOW) == Moved(declared_asked=NOW)


@pytest.mark.parametrize("hop", [Hop(OLD, 302, NEW), Hop(OLD, 301, "http://kabar.example/feed")])
def test_what_is_no_move_for_good_is_not_remembered(hop: Hop) -> None:
    assert after_fetch(OLD, OLD, Moved(), fetched(hop), NOW).to == ""


def test_a_new_address_that_fails_is_given_up() -> None:
    moved = Moved(NEW, 3, NOW)
    assert after_failure(OLD, NEW, moved) == Moved()
    assert after_failure(OLD, OLD, moved) == moved


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"outcome": "never-polled"}, Condition.NEVER_POLLED),
        ({}, Condition.OK),
        ({"failures": 1, "outcome": "http-500"}, Condition.FAILING),
        ({"failures": 2, "outcome": "http-410", "why": "gone"}, Condition.FAILING),
        ({"failures": 3, "outcome": "http-410", "why": "gone"}, Condition.GONE),
        ({"gap": 600.0, "last_new": NOW - 3 * 86_400_000}, Condition.SILENT),
    ],
)
def test_a_feeds_condition(given: dict[str, object], expected: Condition) -> None:
    fine = FeedState(outcome="nothing-new", last_new=NOW)
    assert condition(replace(fine, **given), NOW) is expected  # type: ignore[arg-type]


def days(*new: int) -> list[Counter[str]]:
    return [Counter({"new": number, "repeated": 5}) for number in new]


@pytest.mark.parametrize(
    ("counts", "flag"),
    [
        (days(0, 20, 20, 22, 18, 20), ""),
        (days(0, 2, 20, 22, 18, 20), "low"),
        (days(0, 90, 20, 22, 18, 20), "high"),
        (days(0, 0, 20), ""),  # too little is known
        (days(0, 0, 0, 0, 0, 0), ""),
    ],
)
def test_volume_against_the_feeds_own_median(counts: list[Counter[str]], flag: str) -> None:
    assert volume(counts) == flag


def test_the_usual_volume_is_that_of_whole_days() -> None:
    assert usual_volume(days(1_000, 1, 2, 3, 4, 5)) == 3
    assert usual_volume(days(1_000, 1)) is None


def test_of_an_index_those_that_changed_are_read_the_newest_first() -> None:
    first, second, third = (Child(f"/{n}", NOON + timedelta(days=n)) for n in range(3))
    undated = Child("/undated")
    assert changed([first, second, third, undated], {}) == [third, second, first, undated]
    known = {name: mark for child in (second, third) for name, mark in [_known(child)]}
    assert changed([first, second, third, undated], known) == [first, undated]


def _known(child: Child) -> tuple[str, str]:
    assert child.changed
    return hashlib.sha256(child.url.encode()).hexdigest()[:16], child.changed.isoformat()

"""What is learned of a feed: its rhythm, its address, how it is."""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from warta_ingest.feeds.entry import Child
from warta_ingest.fetcher import Fetched, Hop
from warta_ingest.poll.address import Moved, addresses, after_fetch, own_headers
from warta_ingest.poll.children import Read, changed
from warta_ingest.poll.condition import Condition, condition, usual_volume, volume
from warta_ingest.poll.rhythm import expected_gap, first_gap, is_silent, next_gap
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
    ("gap", "fresh", "silence", "expected"),
    [
        (0, 3, 600, 200),  # nothing known: what was seen
        (1_000, 1, 1_000, 1_000),  # as usual
        (1_000, 2, 1_000, 812.25),  # quicker than usual: 1000^.7 * 500^.3
        (1_000, 1, 8_000, 1_866.07),  # after a night: 1000^.7 * 8000^.3
        (1_000, 0, 3_000, 1_000),  # nothing new: nothing learned
        (0, 0, 600, 0),
        (0, 5, 0, 1),
        (0, 1, 1e9, 30 * DAY),
    ],
)
def test_the_gap_follows_what_polls_bring(gap: float, fresh: int, silence: float, expected: float) -> None:
    assert next_gap(gap, fresh, silence) == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("true_gap", [300, 1_800, 7_200, 21_600])
def test_the_usual_gap_is_learned_from_polls_alone(true_gap: float) -> None:
    """Entries at random (exponential gaps), polled twice a gap between five minutes and an hour."""
    rng = random.Random(1)
    gap, now, last, coming, learned = true_gap * 4.0, 0.0, 0.0, rng.expovariate(1 / true_gap), []
    while now < 300 * true_gap:
        now += min(max(expected_gap(gap, now - last) / 2, 300), 3_600)
        fresh = 0
        while coming <= now:
            fresh, coming = fresh + 1, coming + rng.expovariate(1 / true_gap)
        gap, last = next_gap(gap, fresh, now - last), now if fresh else last
        learned.append(gap)
    assert 0.6 * true_gap < sorted(learned)[len(learned) // 2] < 1.4 * true_gap


@pytest.mark.parametrize(
    ("gap", "silence", "expected"),
    [(600, 0, 600), (600, 2_400, 600), (600, 28_800, 7_200), (0, 3_600, 900), (0, 0, 0), (1, 1e9, 30 * DAY)],
)
def test_after_a_long_silence_the_next_entry_is_expected_later(
    gap: float, silence: float, expected: float
) -> None:
    assert expected_gap(gap, silence) == expected


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
        assert addresses(OLD, moved, NOW + number) == (OLD,)
        moved = after_fetch(OLD, OLD, moved, fetched(Hop(OLD, 301, NEW)), NOW + number)
    assert addresses(OLD, moved, NOW + 3) == (NEW, OLD)
    assert after_fetch(OLD, NEW, moved, fetched(), NOW + 3) == moved
    tomorrow = NOW + 86_400_003
    assert addresses(OLD, moved, tomorrow) == (OLD, NEW)
    # The declared one was asked and failed, the new one answered.
    assert addresses(OLD, after_fetch(OLD, NEW, moved, fetched(), tomorrow), tomorrow + 1) == (NEW, OLD)
    assert after_fetch(OLD, OLD, moved, fetched(), NOW) == Moved(declared_asked=NOW)
    elsewhere = after_fetch(OLD, OLD, moved, fetched(Hop(OLD, 301, f"{NEW}/2")), NOW)
    assert elsewhere == Moved(f"{NEW}/2", 1, NOW)


@pytest.mark.parametrize("hop", [Hop(OLD, 302, NEW), Hop(OLD, 301, "http://kabar.example/feed")])
def test_what_is_no_move_for_good_is_not_remembered(hop: Hop) -> None:
    assert after_fetch(OLD, OLD, Moved(), fetched(hop), NOW).to == ""


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        (OLD, True),
        (NEW, True),
        ("https://KABAR.example:443/x", True),
        ("http://kabar.example/rss", False),
        ("https://kabar.example:8443/rss", False),
        ("https://evil.example/rss", False),
    ],
)
def test_the_operators_headers_stay_with_the_declared_origin(asked: str, sent: bool) -> None:
    headers = {"Authorization": "Bearer secret"}
    assert own_headers(headers, OLD, asked) == (headers if sent else {})


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"outcome": "never-polled"}, Condition.NEVER_POLLED),
        ({}, Condition.OK),
        ({"failures": 1, "outcome": "http-500"}, Condition.FAILING),
        ({"failures": 9, "why": "gone", "gone_since": NOW - 86_400_000, "last_poll": NOW}, Condition.FAILING),
        ({"failures": 3, "why": "gone", "gone_since": NOW - 172_800_000, "last_poll": NOW}, Condition.GONE),
        (
            {"failures": 3, "why": "backoff", "gone_since": NOW - 172_800_000, "last_poll": NOW},
            Condition.FAILING,
        ),
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


SINCE = NOON - timedelta(days=7)


def test_of_an_index_those_that_changed_are_read_the_newest_first() -> None:
    first, second, third = (Child(f"/{n}", NOON + timedelta(days=n)) for n in range(3))
    undated, old = Child("/undated"), Child("/old", NOON - timedelta(days=8))
    listed = [first, second, third, undated, old]
    assert changed(listed, {}, SINCE) == [third, second, first, undated]
    known = dict([_known(second), _known(third)])
    assert changed(listed, known, SINCE) == [first, undated]


def test_what_failed_or_was_read_lately_lets_the_others_go_first() -> None:
    dated, one, two, three = Child("/dated", NOON), Child("/1"), Child("/2"), Child("/3")
    known = dict([_known(dated, Read(5, True)), _known(one, Read(9)), _known(two, Read(3))])
    assert changed([dated, one, two, three], known, SINCE) == [three, two, one, dated]


@pytest.mark.parametrize("read", [Read(), Read(7, True, '"v 1"'), Read(NOW, False, NOON.isoformat())])
def test_the_reading_of_a_child_is_remembered_as_text(read: Read) -> None:
    assert Read.from_text(read.text()) == read


@pytest.mark.parametrize("text", ["", "2025-06-01T00:00:00+00:00", '"v1"', "x 1 y"])
def test_what_was_remembered_otherwise_counts_as_never_read(text: str) -> None:
    assert Read.from_text(text) == Read()


def _known(child: Child, read: Read | None = None) -> tuple[str, Read]:
    name = hashlib.sha256(child.url.encode()).hexdigest()[:16]
    return name, read or Read(1, mark=child.changed.isoformat() if child.changed else "")

"""How a feed is, in one word and with what is odd about it: pure, from its state and its counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from statistics import median

from warta_ingest.poll.rhythm import is_silent
from warta_ingest.poll.state import NEVER_POLLED, FeedState
from warta_ingest.registry.accounts import NEW

# A day with less than a quarter or more than four times of what is usual is worth a look.
UNUSUAL = 4.0
DAYS_NEEDED = 5


class Condition(StrEnum):
    """The word for a feed, in lists and as a metric's label."""

    OK = "ok"
    NEVER_POLLED = "never-polled"
    FAILING = "failing"
    GONE = "gone"
    SILENT = "silent"


TROUBLE = frozenset({Condition.FAILING, Condition.GONE, Condition.SILENT})


def condition(state: FeedState, now: int) -> Condition:
    """How the feed is at `now` (ms since 1970)."""
    if state.outcome == NEVER_POLLED:
        return Condition.NEVER_POLLED
    if state.failures:
        return Condition.GONE if state.gone else Condition.FAILING
    return Condition.SILENT if is_silent(state.gap, state.silence(now)) else Condition.OK


def has_moved(state: FeedState) -> bool:
    """Whether its new address is the one that is asked."""
    return state.moved.believed


def usual_volume(days: Sequence[Counter[str]]) -> float | None:
    """New entries a day, the median of the whole days before today; None when too few are known.

    A day without any count is one without a poll: it says nothing of the feed.
    """
    whole = [day[NEW] for day in days[1:] if day]
    return median(whole) if len(whole) >= DAYS_NEEDED else None


def volume(days: Sequence[Counter[str]]) -> str:
    """`low` or `high` when yesterday was far from usual, else ''."""
    usual = usual_volume(days)
    if usual is None or len(days) < 2 or usual < 1:
        return ""
    yesterday = days[1][NEW]
    if yesterday * UNUSUAL < usual:
        return "low"
    return "high" if yesterday > UNUSUAL * usual else ""

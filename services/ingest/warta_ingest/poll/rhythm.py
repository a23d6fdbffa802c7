"""How often a feed brings something: the usual gap between two new entries, learned from its polls."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise

# How much the newest observation counts: some ten arrivals decide.
NEWEST = 0.3
SHORTEST_SECONDS, LONGEST_SECONDS = 1.0, 30 * 86_400.0
# One that has been quiet for more than so many gaps is expected later and later.
QUIET_GAPS = 4
# A feed is silent when it has said nothing for so many of its usual gaps, and for two days at the least.
SILENT_GAPS = 10
SILENT_SECONDS = 2 * 86_400.0


def first_gap(times: Iterable[datetime]) -> float:
    """Seconds between the entries of a feed that is read for the first time (median); 0 where it cannot be told."""
    instants = sorted({time.timestamp() for time in times})
    gaps = sorted(later - earlier for earlier, later in pairwise(instants))
    return min(gaps[len(gaps) // 2], LONGEST_SECONDS) if gaps else 0.0


def next_gap(gap: float, fresh: int, silence: float) -> float:
    """The gap after a poll that brought `fresh` new entries, the last ones having come `silence` seconds ago.

    Weighted as ratios, so that one night or one holiday does not undo what many days have taught. A poll that
    brought nothing teaches nothing: the rhythm of a feed that fell silent is what its silence is measured by.
    """
    if not fresh:
        return gap
    seen = min(max(silence / fresh, SHORTEST_SECONDS), LONGEST_SECONDS)
    return gap ** (1 - NEWEST) * seen**NEWEST if gap else seen


def expected_gap(gap: float, silence: float) -> float:
    """Seconds to the next new entry as it looks now: the usual gap, or longer after a long silence."""
    return min(max(gap, silence / QUIET_GAPS), LONGEST_SECONDS)


def is_silent(gap: float, silence: float) -> bool:
    """Whether a feed has been quiet far beyond its own rhythm."""
    return bool(gap) and silence > max(SILENT_GAPS * gap, SILENT_SECONDS)

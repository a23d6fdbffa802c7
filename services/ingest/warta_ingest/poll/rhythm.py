"""How often a feed brings something: the usual gap between two new entries, learned from its polls."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise

# How much the newest observation counts: some ten polls decide.
NEWEST = 0.3
SILENCE = 0.1
LONGEST_SECONDS = 30 * 86_400.0
# A feed is silent when it has said nothing for so many of its usual gaps, and for two days at the least.
SILENT_GAPS = 10
SILENT_SECONDS = 2 * 86_400.0


def first_gap(times: Iterable[datetime]) -> float:
    """Seconds between the entries of a feed that is read for the first time (median); 0 where it cannot be told."""
    instants = sorted({time.timestamp() for time in times})
    gaps = sorted(later - earlier for earlier, later in pairwise(instants))
    return min(gaps[len(gaps) // 2], LONGEST_SECONDS) if gaps else 0.0


def next_gap(gap: float, fresh: int, elapsed: float, silence: float) -> float:
    """The gap after a poll that brought `fresh` new entries, `elapsed` seconds after the last one.

    `silence`: seconds since the last new entry; it lengthens the gap once it is longer itself.
    """
    if fresh:
        seen = max(elapsed, 1.0) / fresh
        learned = seen if not gap else (1 - NEWEST) * gap + NEWEST * seen
    elif silence > gap:
        learned = (1 - SILENCE) * gap + SILENCE * silence
    else:
        learned = gap
    return min(learned, LONGEST_SECONDS)


def is_silent(gap: float, silence: float) -> bool:
    """Whether a feed has been quiet far beyond its own rhythm."""
    return bool(gap) and silence > max(SILENT_GAPS * gap, SILENT_SECONDS)

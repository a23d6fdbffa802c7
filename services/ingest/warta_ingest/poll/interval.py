"""How long until a feed is polled again, and why."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from warta_ingest.feeds import Interval

RETRY_AFTER_MAX = 86_400.0
# A 410 may be a slip of the publisher's: it is believed once it was said on three days.
GONE_SECONDS = 86_400.0
GONE_AFTER_SECONDS = 2 * GONE_SECONDS
NEVER_SECONDS = 100 * 365 * 86_400.0
# Two polls for each new entry: half a gap late at the worst.
POLLS_A_GAP = 2
# Feeds that failed together, because a network was away, do not all come back together.
JITTER = 0.1


@dataclass(frozen=True, slots=True)
class Wait:
    """Seconds, and what decided.

    `why`: rhythm, feed, server, longest, shortest, quiet-hours, backoff, retry-after, host or gone.
    """

    seconds: float
    why: str


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a feed asks for: `ttl` in seconds (0 = nothing), hours (GMT) and days (Monday = 0) to leave out."""

    ttl: int = 0
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()


def after_success(interval: Interval, gap: float, wishes: Wishes, max_age: int | None) -> Wait:
    """What the feed's rhythm, the feed itself and its server ask for, within the operator's bounds.

    `gap`: the seconds to the next new entry as it looks now, 0 when nothing is known yet.
    """
    asked = [
        (float(interval.min), "shortest"),
        (gap / POLLS_A_GAP, "rhythm"),
        (float(wishes.ttl), "feed"),
        (float(max_age or 0), "server"),
    ]
    seconds, why = max(asked, key=lambda wish: wish[0])
    return Wait(seconds, why) if seconds <= interval.max else Wait(float(interval.max), "longest")


def outside_quiet_hours(wait: Wait, now: datetime, wishes: Wishes, longest: float) -> Wait:
    """Later, when the poll would fall into hours or days in which the feed brings nothing (GMT)."""
    if not (wishes.skip_hours or wishes.skip_days):
        return wait
    at = now.astimezone(UTC) + timedelta(seconds=wait.seconds)
    for _ in range(24 * 7):
        if at.hour not in wishes.skip_hours and at.weekday() not in wishes.skip_days:
            break
        at = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    seconds = (at - now).total_seconds()
    return wait if seconds <= wait.seconds else Wait(min(seconds, longest), "quiet-hours")


def after_failure(
    interval: Interval,
    failures: int,
    retry_after: float | None,
    jitter: Callable[[], float] = random.random,
) -> Wait:
    """Doubling with each failure up to the longest interval; the server's own word where it gave one.

    `failures`: how many there were before this one.
    """
    backoff = min(interval.min * 2.0 ** min(failures, 20), interval.max) * (1 + JITTER * jitter())
    asked = min(retry_after or 0.0, RETRY_AFTER_MAX)
    return Wait(asked, "retry-after") if asked > backoff else Wait(backoff, "backoff")


def after_gone(seconds: float) -> Wait:
    """What is said to be gone (410) is asked once a day; no more when that has been said for `seconds`."""
    return Wait(NEVER_SECONDS if seconds >= GONE_AFTER_SECONDS else GONE_SECONDS, "gone")

"""How long until a feed is polled again."""

from __future__ import annotations

from warta_ingest.feeds import Interval

GONE_SECONDS = 86_400.0
RETRY_AFTER_MAX = 86_400.0


def after_success(interval: Interval, ttl: int | None, max_age: int | None) -> float:
    """Seconds: what the feed and its server ask for, within the operator's bounds."""
    return float(min(max(interval.min, ttl or 0, max_age or 0), interval.max))


def after_failure(
    interval: Interval, failures: int, retry_after: float | None, *, gone: bool = False
) -> float:
    """Seconds: doubling with each failure up to the longest interval; the server's own word where it gave one."""
    if gone:
        return GONE_SECONDS
    backoff = float(min(interval.min * 2 ** min(failures, 20), interval.max))
    return max(backoff, min(retry_after or 0.0, RETRY_AFTER_MAX))

"""What became of everything a feed brought: counted by feed and day, so that each entry ends in one known outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from warta_shared.delivery.client import Redis
from warta_shared.delivery.names import key

DAYS_KEPT = 15
AT_ONCE = 500
_LIFETIME = timedelta(days=DAYS_KEPT + 1)

# The words of entries. Those of pages are the reasons of their outcomes, those of polls their outcomes, with
# PAGE and POLL before them.
NEW, CHANGED, REPEATED, OLD = "new", "changed", "repeated", "old"
BAD_LINK, BAD_ENTRY = "bad-link", "bad-entry"
PAGE, POLL = "page:", "poll:"


async def count(redis: Redis, feed_id: str, at: int, counts: Mapping[str, int]) -> None:
    """Add to the counts of a feed on the day of `at` (ms since 1970, UTC)."""
    counts = {word: number for word, number in counts.items() if number}
    if not feed_id or not counts:
        return
    name = _key(feed_id, _day(at))
    pipe = redis.pipeline(transaction=False)
    for word, number in counts.items():
        pipe.hincrby(name, word, number)
    pipe.expire(name, _LIFETIME)
    await pipe.execute()


async def days_of_many(
    redis: Redis, feed_ids: Iterable[str], at: int, number: int = DAYS_KEPT
) -> dict[str, list[Counter[str]]]:
    """The counts of several feeds, of each the last days, today first."""
    found: dict[str, list[Counter[str]]] = {feed_id: [] for feed_id in feed_ids}
    wanted = [
        (feed_id, _day(at) - timedelta(days=back))
        for feed_id in found
        for back in range(min(number, DAYS_KEPT))
    ]
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        pipe = redis.pipeline(transaction=False)
        for feed_id, day in some:
            pipe.hgetall(_key(feed_id, day))
        for (feed_id, _), raw in zip(some, await pipe.execute(), strict=True):
            found[feed_id].append(Counter({word.decode(): int(counted) for word, counted in raw.items()}))
    return found


def _day(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC)


def _key(feed_id: str, day: datetime) -> str:
    return key("feed-day", None, feed_id, f"{day:%Y%m%d}")

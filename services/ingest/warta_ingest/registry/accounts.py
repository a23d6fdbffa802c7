"""What became of everything a feed brought: counted by feed and day, so that each entry ends in one known outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from warta_shared.delivery.broker import Redis
from warta_shared.delivery.names import key

DAYS_KEPT = 15
_LIFETIME = timedelta(days=DAYS_KEPT + 1)

# The words of entries; those of pages are the reasons of their outcomes, with PAGE before them.
NEW, REPEATED, OLD, BAD_LINK, BAD_ENTRY = "new", "repeated", "old", "bad-link", "bad-entry"
PAGE = "page:"


async def count(redis: Redis, feed_id: str, at: int, counts: Mapping[str, int]) -> None:
    """Add to the counts of a feed on the day of `at` (ms since 1970, UTC)."""
    counts = {word: number for word, number in counts.items() if number}
    if not feed_id or not counts:
        return
    name = _key(feed_id, datetime.fromtimestamp(at / 1000, UTC))
    for word, number in counts.items():
        await redis.hincrby(name, word, number)
    await redis.expire(name, _LIFETIME)


async def days(redis: Redis, feed_id: str, at: int, number: int = DAYS_KEPT) -> list[Counter[str]]:
    """The counts of the last days, today first."""
    today = datetime.fromtimestamp(at / 1000, UTC)
    found: list[Counter[str]] = []
    for back in range(min(number, DAYS_KEPT)):
        raw: dict[bytes, bytes] = await redis.hgetall(_key(feed_id, today - timedelta(days=back)))
        found.append(Counter({word.decode(): int(counted) for word, counted in raw.items()}))
    return found


def _key(feed_id: str, day: datetime) -> str:
    return key("feed-day", None, feed_id, f"{day:%Y%m%d}")

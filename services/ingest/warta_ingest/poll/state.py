"""What is remembered of a feed between two polls."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from warta_shared.delivery.broker import Redis
from warta_shared.delivery.names import key

NEVER_POLLED = "never-polled"


@dataclass(frozen=True, slots=True)
class FeedState:
    """`url` is the one that the validators belong to; instants in ms since 1970, 0 for never."""

    url: str = ""
    etag: str = ""
    last_modified: str = ""
    failures: int = 0
    last_poll: int = 0
    last_success: int = 0
    last_new: int = 0
    outcome: str = NEVER_POLLED
    detail: str = ""


async def load(redis: Redis, feed_id: str) -> FeedState:
    """The state of a feed, the default where it was never polled."""
    raw = {name.decode(): value.decode() for name, value in (await redis.hgetall(_key(feed_id))).items()}
    return FeedState(
        url=raw.get("url", ""),
        etag=raw.get("etag", ""),
        last_modified=raw.get("last_modified", ""),
        failures=int(raw.get("failures", 0)),
        last_poll=int(raw.get("last_poll", 0)),
        last_success=int(raw.get("last_success", 0)),
        last_new=int(raw.get("last_new", 0)),
        outcome=raw.get("outcome", NEVER_POLLED),
        detail=raw.get("detail", ""),
    )


async def save(redis: Redis, feed_id: str, state: FeedState) -> None:
    """Write the state of a feed."""
    await redis.hset(_key(feed_id), mapping=asdict(state))


async def forget(redis: Redis, feed_ids: Iterable[str]) -> None:
    """Drop the state of feeds that are polled no more."""
    for feed_id in feed_ids:
        await redis.unlink(_key(feed_id))


def _key(feed_id: str) -> str:
    return key("feed", None, feed_id)

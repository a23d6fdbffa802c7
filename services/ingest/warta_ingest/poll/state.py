"""What is remembered of a feed between two polls."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from warta_shared.delivery.broker import Redis


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
    outcome: str = "never-polled"
    detail: str = ""


async def load(redis: Redis, feed_id: str) -> FeedState:
    """The state of a feed, the default where it was never polled."""
    raw = {name.decode(): value.decode() for name, value in (await redis.hgetall(_key(feed_id))).items()}
    known = {name: raw[name] for name in asdict(FeedState()) if name in raw}
    numbers = {"failures", "last_poll", "last_success", "last_new"}
    return FeedState(**{name: int(value) if name in numbers else value for name, value in known.items()})


async def save(redis: Redis, feed_id: str, state: FeedState) -> None:
    """Write the state of a feed."""
    await redis.hset(_key(feed_id), mapping=asdict(state))


def _key(feed_id: str) -> str:
    return f"feed:{feed_id}"

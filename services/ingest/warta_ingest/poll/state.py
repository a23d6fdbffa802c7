"""What is remembered of a feed between two polls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from warta_ingest.poll.address import Moved
from warta_shared.delivery.broker import Redis
from warta_shared.delivery.names import key

NEVER_POLLED = "never-polled"


@dataclass(frozen=True, slots=True)
class FeedState:
    """`url`: the declared address that all this belongs to; instants in ms since 1970, 0 for never.

    `gap`: the usual seconds between two new entries, 0 when not known yet. `wait` seconds until the next poll,
    and `why`. `not_modified`: 304 answers in a row. `moved_to`, `moves`, `declared_asked`: see address.py.
    """

    url: str = ""
    etag: str = ""
    last_modified: str = ""
    failures: int = 0
    last_poll: int = 0
    last_success: int = 0
    last_new: int = 0
    outcome: str = NEVER_POLLED
    detail: str = ""
    format: str = ""
    gap: float = 0.0
    wait: float = 0.0
    why: str = ""
    not_modified: int = 0
    moved_to: str = ""
    moves: int = 0
    declared_asked: int = 0

    @property
    def moved(self) -> Moved:
        """Where its server sent us."""
        return Moved(self.moved_to, self.moves, self.declared_asked)

    def silence(self, now: int) -> float:
        """Seconds since the last new entry; 0 before the first."""
        return max(0.0, (now - self.last_new) / 1000) if self.last_new else 0.0


async def load(redis: Redis, feed_id: str) -> FeedState:
    """The state of a feed, the default where it was never polled."""
    return _read(await redis.hgetall(_key(feed_id)))


async def load_many(redis: Redis, feed_ids: Iterable[str]) -> dict[str, FeedState]:
    """The states of several feeds."""
    return {feed_id: await load(redis, feed_id) for feed_id in feed_ids}


async def save(redis: Redis, feed_id: str, state: FeedState) -> None:
    """Write the state of a feed."""
    await redis.hset(_key(feed_id), mapping=asdict(state))


async def forget(redis: Redis, feed_ids: Iterable[str]) -> None:
    """Drop the state of feeds that are polled no more."""
    for feed_id in feed_ids:
        await redis.unlink(_key(feed_id))


def _read(raw: Mapping[bytes, bytes]) -> FeedState:
    """The fields that are there, each of the type of its default."""
    defaults = asdict(FeedState())
    known = {name: raw[name.encode()].decode() for name in defaults if name.encode() in raw}
    return FeedState(**{name: type(defaults[name])(value) for name, value in known.items()})


def _key(feed_id: str) -> str:
    return key("feed", None, feed_id)

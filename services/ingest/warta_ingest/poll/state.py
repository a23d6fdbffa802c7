"""What is remembered of a feed between two polls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from warta_ingest.poll.address import Moved
from warta_ingest.poll.interval import GONE_AFTER_SECONDS, Wishes
from warta_shared.delivery.client import Redis
from warta_shared.delivery.names import key

NEVER_POLLED = "never-polled"
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class FeedState:
    """`url`: the declared address that all this belongs to; instants in ms since 1970, 0 for never.

    `gap`: the usual seconds between two new entries, 0 when not known yet. `wait` seconds until the next poll,
    and `why`. `not_modified`: 304 answers in a row. `moved_to`, `moves`, `declared_asked`: see address.py.
    `first_success`: when it was first read; `gone_since`: the first 410 since its last success. `ttl` seconds,
    `skip_hours`, `skip_days`: what the feed last asked for, as numbers with commas between them.
    """

    url: str = ""
    etag: str = ""
    last_modified: str = ""
    failures: int = 0
    last_poll: int = 0
    first_success: int = 0
    last_success: int = 0
    last_new: int = 0
    outcome: str = NEVER_POLLED
    detail: str = ""
    format: str = ""
    gap: float = 0.0
    wait: float = 0.0
    why: str = ""
    ttl: int = 0
    skip_hours: str = ""
    skip_days: str = ""
    not_modified: int = 0
    gone_since: int = 0
    moved_to: str = ""
    moves: int = 0
    declared_asked: int = 0

    @property
    def moved(self) -> Moved:
        """Where its server sent us."""
        return Moved(self.moved_to, self.moves, self.declared_asked)

    @property
    def wishes(self) -> Wishes:
        """What the feed itself asks for, also while its server only says that nothing has changed."""
        return Wishes(self.ttl, _numbers(self.skip_hours), _numbers(self.skip_days))

    @property
    def gone(self) -> bool:
        """Whether it is asked no more."""
        seconds = (self.last_poll - self.gone_since) / 1000
        return self.why == "gone" and bool(self.gone_since) and seconds >= GONE_AFTER_SECONDS

    def silence(self, now: int) -> float:
        """Seconds since the last new entry, or since it was first read when there was none; 0 before that."""
        since = self.last_new or self.first_success
        return max(0.0, (now - since) / 1000) if since else 0.0


def listed(numbers: Iterable[int]) -> str:
    """Numbers as a state holds them."""
    return ",".join(map(str, sorted(numbers)))


async def load(redis: Redis, feed_id: str) -> FeedState:
    """The state of a feed, the default where it was never polled."""
    return _read(await redis.hgetall(_key(feed_id)))


async def load_many(redis: Redis, feed_ids: Iterable[str]) -> dict[str, FeedState]:
    """The states of several feeds."""
    wanted, states = list(feed_ids), dict[str, FeedState]()
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        pipe = redis.pipeline(transaction=False)
        for feed_id in some:
            pipe.hgetall(_key(feed_id))
        states |= {feed_id: _read(raw) for feed_id, raw in zip(some, await pipe.execute(), strict=True)}
    return states


async def save(redis: Redis, feed_id: str, state: FeedState) -> None:
    """Write the state of a feed."""
    await redis.hset(_key(feed_id), mapping=asdict(state))


async def forget(redis: Redis, feed_id: str) -> None:
    """Drop the state of a feed that is polled no more."""
    await redis.unlink(_key(feed_id))


def _read(raw: Mapping[bytes, bytes]) -> FeedState:
    """The fields that are there, each of the type of its default."""
    defaults = asdict(FeedState())
    known = {name: raw[name.encode()].decode() for name in defaults if name.encode() in raw}
    return FeedState(**{name: type(defaults[name])(value) for name, value in known.items()})


def _numbers(text: str) -> frozenset[int]:
    return frozenset(int(number) for number in text.split(",") if number)


def _key(feed_id: str) -> str:
    return key("feed", None, feed_id)

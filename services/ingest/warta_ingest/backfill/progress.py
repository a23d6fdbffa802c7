"""How far a backfill is, in Redis: the same command goes on where a killed one ended, on any machine."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from warta_shared.delivery.client import Redis
from warta_shared.delivery.names import key

LIFETIME = timedelta(days=30)
_ITEMS = "items"


@dataclass(slots=True)
class Progress:
    """`items` were settled; `words` counts what became of them."""

    items: int = 0
    words: Counter[str] = field(default_factory=Counter)


async def load(redis: Redis, identity: str) -> Progress:
    """What was saved for an input; nothing for a new one."""
    raw: dict[bytes, bytes] = await redis.hgetall(_key(identity))
    saved = {name.decode(): int(number) for name, number in raw.items()}
    return Progress(saved.pop(_ITEMS, 0), Counter({name.partition(":")[2]: n for name, n in saved.items()}))


async def save(redis: Redis, identity: str, progress: Progress) -> None:
    """After the items were settled."""
    words = {f"word:{word}": number for word, number in progress.words.items()}
    await redis.hset(_key(identity), mapping={_ITEMS: progress.items, **words})
    await redis.expire(_key(identity), LIFETIME)


async def forget(redis: Redis, identity: str) -> None:
    """Begin anew the next time."""
    await redis.unlink(_key(identity))


def _key(identity: str) -> str:
    return key("backfill", None, identity)

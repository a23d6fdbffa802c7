"""How far a run is, in Redis: the same command goes on where a killed one ended."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import timedelta

import orjson

from warta_shared.delivery.client import Redis
from warta_shared.delivery.names import key

LIFETIME = timedelta(days=7)


@dataclass(slots=True)
class Progress:
    """`run` names it in the markers of what it published; `after` is the last id, `unfit` were no articles."""

    run: str
    after: str = ""
    published: int = 0
    unfit: int = 0


def run_key(named: str) -> str:
    """The key of the runs of that name."""
    return key("reenrich-run", None, named)


async def load(redis: Redis, where: str) -> Progress:
    """What was saved there; a new run where nothing is."""
    raw = await redis.get(where)
    return Progress(**orjson.loads(raw)) if raw else Progress(secrets.token_hex(8))


async def save(redis: Redis, where: str, progress: Progress) -> None:
    """After its articles were published."""
    await redis.set(where, orjson.dumps(asdict(progress)), ex=LIFETIME)


async def forget(redis: Redis, where: str) -> None:
    """Begin anew the next time."""
    await redis.unlink(where)

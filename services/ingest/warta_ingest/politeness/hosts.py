"""What all replicas know of a host: who asks it now, until when it is to be left alone, how often it failed."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from warta_shared.delivery.client import Redis
from warta_shared.delivery.names import key

PAUSE_MAX_SECONDS = 86_400.0
# A 429 without a word on when to come back.
TOO_MANY_SECONDS = 60.0
# A host that did not answer so often in a row is left alone, longer each time; then one request tries it.
DOWN_FAILURES = 3
DOWN_SECONDS, DOWN_MAX_SECONDS = 30.0, 900.0
DOWN_REMEMBERED_SECONDS = 3_600
_LOOK_AGAIN_SECONDS = 0.25


@cache
def _release_script() -> str:
    return files(__package__).joinpath("release.lua").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Hosts:
    """`lease` in seconds: how long a request to a host may take; a replica that dies gives it back by then."""

    redis: Callable[[], Redis]
    lease: float

    async def take(self, host: str, patience: float) -> str:
        """The token of our turn, '' when it did not come within `patience` seconds."""
        token = secrets.token_hex(8)
        try:
            async with asyncio.timeout(patience):
                while not await self._set(host, token):
                    left = await self.redis().pttl(_turn(host))
                    await asyncio.sleep(min(max(left, 1) / 1000, _LOOK_AGAIN_SECONDS))
        except TimeoutError:
            return ""
        return token

    async def give_back(self, host: str, token: str, gap: float) -> None:
        """End our turn; the next may begin `gap` seconds later."""
        await self.redis().eval(_release_script(), 1, _turn(host), token, int(gap * 1000))

    async def pause(self, host: str, seconds: float) -> None:
        """Leave the host alone for so long."""
        await self.redis().set(_pause(host), b"1", px=int(min(seconds, PAUSE_MAX_SECONDS) * 1000) + 1)

    async def paused_for(self, host: str) -> float:
        """Seconds until the host may be asked again; 0 for now."""
        left: int = await self.redis().pttl(_pause(host))
        return max(0, left) / 1000

    async def failed(self, host: str) -> None:
        """It did not answer."""
        redis = self.redis()
        failures = int(await redis.incr(_down(host)))
        await redis.expire(_down(host), DOWN_REMEMBERED_SECONDS)
        if failures >= DOWN_FAILURES:
            await self.pause(
                host, min(DOWN_SECONDS * 2.0 ** min(failures - DOWN_FAILURES, 20), DOWN_MAX_SECONDS)
            )

    async def answered(self, host: str) -> None:
        """It did, whatever it said."""
        await self.redis().unlink(_down(host))

    async def _set(self, host: str, token: str) -> bool:
        return bool(await self.redis().set(_turn(host), token, nx=True, px=int(self.lease * 1000)))


def _turn(host: str) -> str:
    return key("host-turn", None, host)


def _pause(host: str) -> str:
    return key("host-pause", None, host)


def _down(host: str) -> str:
    return key("host-down", None, host)

"""How much one key may push: a token bucket over a minute in Redis, shared by all replicas."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from warta_ingest.push.keys import Holder
from warta_ingest.push.problem import Problem
from warta_shared.delivery.client import Redis
from warta_shared.delivery.names import key

WINDOW_SECONDS = 60
# Of an article, so that what was refused never looks granted.
MOMENT = 0.001


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a key has left of its articles a minute; `wait` in seconds (0: what it asked for was granted)."""

    most: int
    left: float
    wait: float = 0.0

    def headers(self) -> dict[str, str]:
        """As draft-ietf-httpapi-ratelimit-headers-10 has it; the unit is an article.

        `r` articles may come at once; after `t` seconds without any it is the whole quota again, or, where
        the request was refused, its articles may come.
        """
        seconds = self.wait or (self.most - self.left) * WINDOW_SECONDS / self.most
        return {
            "RateLimit-Policy": f'"articles";q={self.most};w={WINDOW_SECONDS}',
            "RateLimit": f'"articles";r={int(self.left)};t={math.ceil(seconds)}',
        }

    def require(self) -> None:
        """Raises Problem 429, with when to come back, unless it was granted."""
        if self.wait:
            detail = f"At most {self.most:,} articles a minute for this key."
            raise Problem(429, detail, retry_after=self.wait, headers=self.headers())


class RateLimit:
    """`per_minute` articles for each key that has no number of its own, all at once or spread."""

    def __init__(self, redis: Callable[[], Redis], per_minute: int) -> None:
        self._redis = redis
        self._per_minute = per_minute

    def most(self, holder: Holder) -> int:
        """Articles a minute; a request that must be whole may not hold more."""
        return holder.per_minute or self._per_minute

    async def ask(self, holder: Holder, articles: int) -> Allowance:
        """Take `articles` if there are so many left (`wait` is 0 then); raises redis-py's errors."""
        most = self.most(holder)
        bucket = key("push-rate", None, holder.id)
        taken, text = await self._redis().eval(_script(), 1, bucket, most, articles)
        left = float(text)
        short = 0.0 if taken else max(min(articles, most) - left, MOMENT)
        return Allowance(most, left, short * WINDOW_SECONDS / most)


@cache
def _script() -> str:
    return files(__package__).joinpath("bucket.lua").read_text(encoding="utf-8")

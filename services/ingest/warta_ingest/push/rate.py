"""How much one key may push: a token bucket over a minute."""

from __future__ import annotations

import time
from collections.abc import Callable

from warta_ingest.push.problem import Problem


class RateLimit:
    """`per_minute` articles for each key, all at once or spread; a request may not hold more than that."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = float(per_minute)
        self._clock = clock
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, holder: str, articles: int) -> None:
        """Count `articles` against a key; raises Problem 429 with when to come back."""
        now = self._clock()
        left, then = self._left.get(holder, (self._most, now))
        left = min(self._most, left + (now - then) * self._most / 60)
        if articles > left:
            wait = (min(articles, self._most) - left) * 60 / self._most
            raise Problem(429, f"At most {self._most:.0f} articles a minute for one key.", retry_after=wait)
        self._left[holder] = (left - articles, now)

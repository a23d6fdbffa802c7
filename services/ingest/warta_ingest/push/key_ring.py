"""The keys that open the push API now: those of the file, and those in Redis as of the last second."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence

from redis.exceptions import RedisError

from warta_ingest.push.key_store import KEYS, USED, parsed
from warta_ingest.push.keys import Holder, PushKey, keys_of_file, matching, presented
from warta_ingest.push.problem import Problem
from warta_shared.delivery.client import Redis

log = logging.getLogger(__name__)

# A key that was made or revoked is so for every replica after this long.
HOLDS_SECONDS = 1.0
# While Redis is away, keys that were known go on for this long: then one of them may have been revoked.
OUTLIVES_SECONDS = 60.0
# When a key was last used is written down at most this often.
USED_EVERY_SECONDS = 60.0
AGAIN_SECONDS = 5.0


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


class KeyRing:
    """Asks Redis at most once a second, whatever is presented. `clock` counts seconds."""

    def __init__(
        self, redis: Callable[[], Redis], file_lines: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._redis = redis
        self._of_file = keys_of_file(file_lines)
        self._clock = clock
        self._asking = asyncio.Lock()
        self._made: Sequence[PushKey] = ()
        self._raw: dict[bytes, bytes] = {}
        self._read_at = self._asked_at = float("-inf")
        self._used_at: dict[str, float] = {}

    async def holder(self, authorization: str | None) -> Holder:
        """Whose key is in an Authorization header.

        Raises Problem 401, and 503 when Redis is away and the key is not one that it had a moment ago.
        """
        shown = presented(authorization)
        found = matching(self._of_file, shown) or matching(await self._current(), shown)
        if found is None and self._read_at < self._asked_at:
            raise Problem(503, "Keys cannot be looked up at the moment.", retry_after=AGAIN_SECONDS)
        if found is None:
            raise Problem(401, "This key is not known here.")
        if found.expired(_now_ms()):
            raise Problem(401, "This key has expired.")
        return found.holder

    async def note_use(self, holder: Holder) -> None:
        """Write down, coarsely, that a key is in use; where Redis is away, so is everything else."""
        now = self._clock()
        if now - self._used_at.get(holder.id, float("-inf")) < USED_EVERY_SECONDS:
            return
        self._used_at[holder.id] = now
        try:
            await self._redis().hset(USED, holder.id, _now_ms())
        except (RedisError, OSError) as error:
            log.warning("push-key-use-not-noted", extra={"error": type(error).__name__})

    async def _current(self) -> Sequence[PushKey]:
        async with self._asking:
            if self._clock() - self._asked_at >= HOLDS_SECONDS:
                await self._ask()
        return self._made if self._clock() - self._read_at < OUTLIVES_SECONDS else ()

    async def _ask(self) -> None:
        try:
            raw: dict[bytes, bytes] = await self._redis().hgetall(KEYS)
        except (RedisError, OSError) as error:
            log.warning("push-keys-not-read", extra={"error": f"{type(error).__name__}: {error}"[:300]})
            self._asked_at = self._clock()
            return
        if raw != self._raw:
            self._made = [record.push_key(prefix) for prefix, record in parsed(raw).items()]
            self._raw = raw
        self._read_at = self._asked_at = self._clock()

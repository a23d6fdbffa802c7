"""How a long run puts articles onto a stream: when there is room, at a pace, and through a minute of trouble."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from redis.exceptions import RedisError

from warta_shared.delivery.publish import NotReplicated

AnswerT = TypeVar("AnswerT")

LOOK_AGAIN_SECONDS = 1.0
PATIENCE_SECONDS = 60.0
TROUBLE = (RedisError, OSError, NotReplicated)


@dataclass(slots=True)
class Pace:
    """At most `rate` items a second (0: no limit)."""

    rate: float = 0.0
    _free_at: float = field(default_factory=time.monotonic)

    async def wait(self, items: int) -> None:
        """Until so many may go."""
        if not self.rate:
            return
        now = time.monotonic()
        await asyncio.sleep(max(0.0, self._free_at - now))
        self._free_at = max(self._free_at, now) + items / self.rate


@dataclass(frozen=True, slots=True)
class Patience:
    """`refusal` names why nothing may be published now, '' when it may; `waiting` is told why it waits, '' when not."""

    refusal: Callable[[], Awaitable[str]]
    waiting: Callable[[str], None]

    async def room(self) -> None:
        """Until the stages behind have caught up."""
        while reason := await self.refusal():
            self.waiting(reason)
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
        self.waiting("")

    async def through(
        self, work: Callable[[], Awaitable[AnswerT]], trouble: tuple[type[Exception], ...] = TROUBLE
    ) -> AnswerT:
        """The answer of `work`, which must be harmless to repeat; raises its trouble after a minute of it."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return await work()
            except trouble as error:
                if time.monotonic() >= until:
                    raise
                self.waiting(f"{type(error).__name__}: {error}"[:200])
                await asyncio.sleep(LOOK_AGAIN_SECONDS)

"""One input after the other: read, wait for room, settle, write down what was refused, remember how far it is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from redis.exceptions import RedisError

from warta_ingest.backfill import progress
from warta_ingest.backfill.inputs import Input
from warta_ingest.backfill.item import Copy, Damaged, Item, Refused
from warta_ingest.backfill.progress import Progress
from warta_ingest.backfill.settling import Settled, Settling
from warta_ingest.registry.publisher import TooBusy
from warta_shared.delivery.broker import Redis
from warta_shared.delivery.publish import NotReplicated

BATCH_ITEMS = 100
BATCH_BYTES = 8_000_000
LOOK_AGAIN_SECONDS = 1.0
PATIENCE_SECONDS = 60.0

# Of an input, the number of an item, the item and what became of it.
Tell = Callable[[Input, int, Item, Settled], None]


@dataclass(slots=True)
class Pace:
    """At most `rate` items a second (0: as fast as there is room)."""

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
class Backfill:
    """`refusal` names why nothing may be published now ('' when it may); `refused` is told of what was not taken.

    `waiting` is told why it waits, '' when it goes on; `moved` that an input is further on.
    """

    redis: Redis
    settling: Settling
    refusal: Callable[[], Awaitable[str]]
    pace: Pace
    refused: Tell
    waiting: Callable[[str], None]
    moved: Callable[[Input, Progress], None]

    async def run(self, given: Input, *, again: bool = False) -> Progress:
        """What became of all items of an input, those of earlier runs included."""
        identity = given.identity
        done = Progress() if again else await progress.load(self.redis, identity)
        skip = done.items
        with closing(given.items()) as items:
            batches = _batches(items)
            while batch := await asyncio.to_thread(_next, batches):
                fresh, skip = batch[skip:], max(0, skip - len(batch))
                if fresh:
                    await self._settle(given, fresh, done)
                    await progress.save(self.redis, identity, done)
                self.moved(given, done)
        await progress.forget(self.redis, identity)
        return done

    async def _settle(self, given: Input, items: Sequence[Item], done: Progress) -> None:
        await self._room()
        await self.pace.wait(len(items))
        for item, told in zip(items, await self._patiently(items), strict=True):
            done.items += 1
            done.words[told.word] += 1
            if not told.fine:
                self.refused(given, done.items, item, told)

    async def _room(self) -> None:
        """Until the stages behind have caught up."""
        while reason := await self.refusal():
            self.waiting(reason)
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
        self.waiting("")

    async def _patiently(self, items: Sequence[Item]) -> list[Settled]:
        """Repeating is harmless: nothing is published twice."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return await self.settling.settle(items)
            except (RedisError, OSError, NotReplicated, TooBusy) as error:
                if time.monotonic() >= until:
                    raise
                self.waiting(f"{type(error).__name__}: {error}"[:200])
                await asyncio.sleep(LOOK_AGAIN_SECONDS)


def _batches(items: Iterator[Item]) -> Iterator[list[Item]]:
    """Of bounded count and size; where the input is damaged, that stands last."""
    batch: list[Item] = []
    size = 0
    try:
        for item in items:
            batch.append(item)
            size += len(item.content.body) if isinstance(item.content, Copy) else 0
            if len(batch) == BATCH_ITEMS or size > BATCH_BYTES:
                yield batch
                batch, size = [], 0
    except Damaged as damage:
        batch.append(Item("the rest", Refused("damaged", str(damage))))
    if batch:
        yield batch


def _next(batches: Iterator[list[Item]]) -> list[Item]:
    return next(batches, [])

"""One input after the other: read, wait for room, settle, write down what was refused, remember how far it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

from warta_ingest.backfill import progress
from warta_ingest.backfill.inputs import Input
from warta_ingest.backfill.item import Copy, Damaged, Item, Refused
from warta_ingest.backfill.progress import Progress
from warta_ingest.backfill.settling import Settled, Settling
from warta_ingest.registry.publisher import TooBusy
from warta_shared.delivery.client import Redis
from warta_shared.delivery.patience import TROUBLE, Pace, Patience

BATCH_ITEMS = 100
BATCH_BYTES = 8_000_000

# Of an input, the number of an item, the item and what became of it.
Tell = Callable[[Input, int, Item, Settled], None]


@dataclass(frozen=True, slots=True)
class Backfill:
    """`refused` is told of what was not taken, `moved` that an input is further on."""

    redis: Redis
    settling: Settling
    patience: Patience
    pace: Pace
    refused: Tell
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
        await self.patience.room()
        await self.pace.wait(len(items))
        settled = await self.patience.through(lambda: self.settling.settle(items), (*TROUBLE, TooBusy))
        for item, told in zip(items, settled, strict=True):
            done.items += 1
            done.words[told.word] += 1
            if not told.fine:
                self.refused(given, done.items, item, told)


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

"""A reader keeps its batch while a server is away: what it read next would only wait beside it.

So a long outage leaves little in the pending list; all else waits in the stream, and is read from there at full
speed. Only much at once is kept: a few messages may have a trouble of their own that only looks like this one.
Between two tries the batch passes for as idle as it is, so that a worker to which the server answers takes it over.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from redis.exceptions import RedisError

from warta_shared.delivery.commit import Received, keep
from warta_shared.delivery.delivery import Delivery, Hindrance
from warta_shared.delivery.names import Partition

log = logging.getLogger(__name__)

LONGEST_SECONDS = 120.0
"""Then the batch is left pending and the next one is read."""


async def run_until_settled(delivery: Delivery, partition: Partition, received: Sequence[Received]) -> None:
    """Run a batch that was just read, and what waits of it again for as long as nothing goes well."""
    began = time.monotonic()
    hindrance = await delivery.try_batch(partition, received)
    if _worth_holding(delivery, hindrance):
        hindrance = await _held(delivery, partition, hindrance, began)
    await delivery.wait(hindrance)


async def _held(delivery: Delivery, partition: Partition, hindrance: Hindrance, began: float) -> Hindrance:
    """What hinders in the end; '' ends the pauses of all others too."""
    with _holding(delivery, partition):
        while hindrance.waiting and not delivery.closed and time.monotonic() < began + LONGEST_SECONDS:
            delivery.reads.lives(delivery.hop.source_key(partition))
            await _kept(delivery, partition, hindrance.waiting, idle=time.monotonic() - began)
            await delivery.wait(hindrance)
            hindrance = await _again(delivery, partition, hindrance)
    return hindrance


def _worth_holding(delivery: Delivery, hindrance: Hindrance) -> bool:
    return delivery.hop.holds and len(hindrance.waiting) >= delivery.settings.batch_size / 2


async def _again(delivery: Delivery, partition: Partition, hindrance: Hindrance) -> Hindrance:
    """Another try of what nobody took over; without Redis there is none."""
    kept = await _kept(delivery, partition, hindrance.waiting, trying=True)
    if kept is None:
        return hindrance
    return await delivery.try_batch(partition, kept) if kept else Hindrance()


async def _kept(
    delivery: Delivery,
    partition: Partition,
    waiting: Sequence[Received],
    *,
    idle: float = 0.0,
    trying: bool = False,
) -> list[Received] | None:
    """What is still ours, and from now on so idle (seconds); None when Redis does not say."""
    hop, consumer = delivery.hop, delivery.consumer
    try:
        return await keep(delivery.redis, hop, partition, consumer, waiting, trying=trying, idle=idle)
    except (RedisError, OSError) as error:
        problem = f"{type(error).__name__}: {error}"[:300]
        log.warning("keep-failed", extra={"hop": hop.name, "error": problem})
        return None


@contextmanager
def _holding(delivery: Delivery, partition: Partition) -> Iterator[None]:
    delivery.held[partition] += 1
    try:
        yield
    finally:
        delivery.held[partition] -= 1

"""A reader keeps its batch while a server is away: what it read next would only wait beside it.

So an outage, however long, leaves a batch for each reader in the pending list; all else waits in the stream, and is
read from there at full speed. Another worker, to which the server answers, takes the batch over after `min_idle`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from redis.exceptions import RedisError

from warta_shared.delivery.commit import Received, keep
from warta_shared.delivery.delivery import Delivery
from warta_shared.delivery.names import Partition

log = logging.getLogger(__name__)

LONGEST_SECONDS = 120.0
"""Then the batch is left pending: if it is the messages that only look like an absent server, others go on."""


async def run_until_settled(delivery: Delivery, partition: Partition, received: Sequence[Received]) -> None:
    """Run a batch that was just read, and as a whole again for as long as all of it has to wait."""
    ends = time.monotonic() + LONGEST_SECONDS
    waiting = await delivery.run_batch(partition, received)
    if not waiting:
        return
    with _holding(delivery, partition):
        while waiting and not delivery.closed and time.monotonic() < ends:
            delivery.reads.waits(delivery.hop.source_key(partition))
            try:
                kept = await keep(delivery.redis, delivery.hop, partition, delivery.consumer, waiting)
            except (RedisError, OSError) as error:
                problem = f"{type(error).__name__}: {error}"[:300]
                log.warning("keep-failed", extra={"hop": delivery.hop.name, "error": problem})
                await delivery.pause.wait("redis-away")
            else:
                waiting = await delivery.run_batch(partition, kept) if kept else ()


@contextmanager
def _holding(delivery: Delivery, partition: Partition) -> Iterator[None]:
    delivery.held[partition] += 1
    try:
        yield
    finally:
        delivery.held[partition] -= 1

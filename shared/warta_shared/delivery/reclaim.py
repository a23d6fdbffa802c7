"""Retry through the pending list: it is the delay queue, and nothing else has to remember a message.

An entry comes again when it has been idle for `min_idle`, doubling with each delivery up to eight times that.
First failures are claimed together; an entry that failed twice is a suspect and comes alone, so that a message
that kills its worker ends in the dead letters without taking its batch along.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from warta_shared.delivery.broker import Redis
from warta_shared.delivery.commit import Received
from warta_shared.delivery.delivery import Delivery
from warta_shared.delivery.names import Partition, partitions
from warta_shared.delivery.outcome import Dead
from warta_shared.telemetry import metrics

log = logging.getLogger(__name__)

PAGE = 200
PAGES_A_ROUND = 50
LONGEST_BACKOFF = 8


@dataclass(frozen=True, slots=True)
class Pending:
    """One line of XPENDING: who holds an entry, for how long (ms), and how often it was given out."""

    entry_id: bytes
    idle: int
    deliveries: int


def due(pending: Pending, min_idle: float) -> bool:
    """Whether it is time to hand an entry out again; `min_idle` in seconds."""
    backoff: int = min(2 ** max(pending.deliveries - 1, 0), LONGEST_BACKOFF)
    return pending.idle >= min_idle * 1000 * backoff


def is_suspect(pending: Pending) -> bool:
    """Given out twice or more without an outcome."""
    return pending.deliveries >= 2


async def reclaim(delivery: Delivery) -> int:
    """One round over all partitions; returns how many entries were taken over."""
    taken = 0
    for partition in partitions(delivery.settings.partitions):
        if delivery.stopping.is_set() or delivery.halted:
            break
        taken += await _reclaim_partition(delivery, partition)
    return taken


async def _reclaim_partition(delivery: Delivery, partition: Partition) -> int:
    waiting = await _due_entries(delivery, partition)
    fresh = [entry for entry in waiting if not is_suspect(entry)]
    taken = 0
    for first in range(0, len(fresh), delivery.settings.batch_size):
        batch = await _claim(delivery, partition, fresh[first : first + delivery.settings.batch_size])
        if batch:
            await delivery.run_batch(partition, batch)
        taken += len(batch)
    for suspect in (entry for entry in waiting if is_suspect(entry)):
        if delivery.stopping.is_set() or delivery.halted:
            break
        taken += await _take_suspect(delivery, partition, suspect)
    return taken


async def _take_suspect(delivery: Delivery, partition: Partition, suspect: Pending) -> int:
    claimed = await _claim(delivery, partition, [suspect])
    if not claimed:
        return 0
    if suspect.deliveries >= delivery.settings.max_deliveries:
        detail = f"given out {suspect.deliveries} times, no worker lived to report an outcome"
        await delivery.bury(partition, claimed, Dead("no-outcome", detail))
    else:
        await delivery.run_alone(partition, claimed[0])
    return 1


async def _due_entries(delivery: Delivery, partition: Partition) -> list[Pending]:
    """Up to a batch of entries that are due, oldest first; pages past those that still wait."""
    found: list[Pending] = []
    first = "-"
    idle = int(delivery.settings.min_idle * 1000)
    for _ in range(PAGES_A_ROUND):
        page = await delivery.redis.xpending_range(
            delivery.hop.source_key(partition), delivery.hop.name, first, "+", PAGE, idle=idle
        )
        lines = [Pending(p["message_id"], p["time_since_delivered"], p["times_delivered"]) for p in page]
        found += [line for line in lines if due(line, delivery.settings.min_idle)]
        if len(page) < PAGE or len(found) >= delivery.settings.batch_size:
            break
        first = f"({lines[-1].entry_id.decode()}"
    return found


async def _claim(delivery: Delivery, partition: Partition, entries: Sequence[Pending]) -> list[Received]:
    """Take entries over from whoever holds them, unless somebody was quicker (then their idle time is new)."""
    source = delivery.hop.source_key(partition)
    deliveries = {entry.entry_id: entry.deliveries + 1 for entry in entries}
    least_idle = min(entry.idle for entry in entries)
    claimed = await delivery.redis.xclaim(
        source, delivery.hop.name, delivery.consumer, least_idle, list(deliveries)
    )
    received = [Received(entry_id, fields, deliveries[entry_id]) for entry_id, fields in claimed if fields]
    await _count_lost(
        delivery.redis, source, delivery.hop.name, set(deliveries) - {r.entry_id for r in received}
    )
    metrics.RECLAIMED.labels(delivery.hop.name).inc(len(received))
    return received


async def _count_lost(redis: Redis, source: str, hop: str, missing: set[bytes]) -> None:
    """An entry that is pending but no longer in the stream was deleted unread: that is loss, never silent."""
    for entry_id in missing:
        if not await redis.xrange(source, entry_id, entry_id):
            metrics.ENTRIES_LOST.labels(hop).inc()
            log.critical("entry-lost", extra={"hop": hop, "stream": source, "entry_id": entry_id.decode()})

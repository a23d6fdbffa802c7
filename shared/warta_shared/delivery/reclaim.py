"""Retry through the pending list: it is the delay queue, and nothing else has to remember a message.

An entry comes again when it has been idle for `min_idle`, doubling with each delivery up to eight times that.
First failures are claimed together; an entry that failed twice is a suspect and comes alone, so that a message
that kills its worker ends in the dead letters without taking its batch along.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass

from warta_shared.delivery import scripts
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
    """One line of XPENDING: an entry, for how long (ms) its holder has had it, how often it was given out."""

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
    """One round over all partitions; returns how many entries were taken over.

    A round goes on while there is more, so that what a long outage left is worked off at full speed, and begins
    nothing more after `batch_timeout`, so that a heap of suspects cannot make it look stuck.
    """
    taken = 0
    ends = time.monotonic() + delivery.settings.batch_timeout
    for partition in partitions(delivery.settings.partitions):
        more = True
        # A reader that waits for a server will notice when it is back; what others left would only wait here too.
        while more and not delivery.held[partition]:
            waiting = await _due_entries(delivery, partition)
            for entries in _portions(waiting, delivery):
                if delivery.closed or time.monotonic() > ends:
                    return taken
                if delivery.held[partition]:
                    break
                taken += await _take(delivery, partition, entries)
            # While a server is away each batch would only wait for it.
            more = len(waiting) >= delivery.settings.batch_size and not delivery.pause.reason
    return taken


def _portions(waiting: Sequence[Pending], delivery: Delivery) -> list[Sequence[Pending]]:
    """What was given out often enough, then what may go together, both in batches; then each suspect alone."""
    spent: list[Pending] = []
    fresh: list[Pending] = []
    suspects: list[Pending] = []
    for entry in waiting:
        kind = spent if _is_spent(entry, delivery) else suspects if _comes_alone(entry, delivery) else fresh
        kind.append(entry)
    size = delivery.settings.batch_size
    batches = [
        group[first : first + size] for group in (spent, fresh) for first in range(0, len(group), size)
    ]
    return [*batches, *([suspect] for suspect in suspects)]


def _is_spent(entry: Pending, delivery: Delivery) -> bool:
    """Given out as often as allowed, and no worker lived to say what became of it."""
    return entry.deliveries >= delivery.settings.max_deliveries


def _comes_alone(entry: Pending, delivery: Delivery) -> bool:
    """A suspect of a hop whose messages may kill their worker."""
    return delivery.hop.suspects_alone and is_suspect(entry)


async def _take(delivery: Delivery, partition: Partition, entries: Sequence[Pending]) -> int:
    """Claim and settle one portion; all of a portion are of one kind."""
    first = entries[0]
    spent = _is_spent(first, delivery)
    if not spent and _comes_alone(first, delivery):
        return await delivery.run_alone(partition, lambda: _claim(delivery, partition, entries))
    claimed = await _claim(delivery, partition, entries)
    if claimed and spent:
        detail = f"given out {first.deliveries} times, no worker lived to report an outcome"
        await delivery.bury(partition, claimed, Dead("no-outcome", detail))
    elif claimed:
        await delivery.run_batch(partition, claimed)
    return len(claimed)


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
    hop, source = delivery.hop.name, delivery.hop.source_key(partition)
    deliveries = {entry.entry_id: entry.deliveries + 1 for entry in entries}
    least_idle = min(entry.idle for entry in entries)
    arguments = [hop, delivery.consumer, str(least_idle), *deliveries]
    claimed, lost = await scripts.run(delivery.redis, "claim", [source], arguments)
    if lost:
        # Deleted unread: that is loss, never silent.
        metrics.ENTRIES_LOST.labels(hop).inc(lost)
        missing = deliveries.keys() - {entry_id for entry_id, _ in claimed}
        among = [entry_id.decode() for entry_id in sorted(missing)[:20]]
        log.critical("entries-lost", extra={"hop": hop, "stream": source, "number": lost, "among": among})
    metrics.RECLAIMED.labels(hop).inc(len(claimed))
    return [
        Received(entry_id, dict(zip(fields[::2], fields[1::2], strict=True)), deliveries[entry_id])
        for entry_id, fields in claimed
    ]

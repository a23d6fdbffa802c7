"""The loops beside the reader: take over what others left, trim, count, notice lost groups, forget the dead."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from warta_shared.delivery.backlog import backlog
from warta_shared.delivery.consumers import forget_consumers
from warta_shared.delivery.delivery import Delivery
from warta_shared.delivery.groups import ensure_groups
from warta_shared.delivery.measure import measure
from warta_shared.delivery.pause import LONGEST_SECONDS as LONGEST_PAUSE_SECONDS
from warta_shared.delivery.reclaim import reclaim
from warta_shared.delivery.trim import trim
from warta_shared.telemetry import metrics
from warta_shared.telemetry.health import Health

log = logging.getLogger(__name__)

SLACK_SECONDS = 30.0
# A loop that failed comes round again this soon, so that readiness does not show it for long.
AFTER_FAILURE_SECONDS = 5.0
# Seen standing so often, once a second, a reader really stands (and was not just stopped with its process).
STANDING_CHECKS = 10


@dataclass(frozen=True, slots=True)
class Loop:
    """A piece of work that comes round `every` so many seconds; `longest` it may take once, in seconds."""

    name: str
    every: float
    work: Callable[[], Awaitable[object]]
    longest: float = 60.0


async def run_loop(loop: Loop, health: Health, stopping: asyncio.Event) -> None:
    """Run until `stopping`; a failure is logged and the loop goes on (servers come back)."""
    health.expect(loop.name, loop.every + loop.longest + SLACK_SECONDS)
    while not stopping.is_set():
        problem = ""
        try:
            await loop.work()
        except Exception as error:  # whatever it is, the loop comes round again
            problem = f"{type(error).__name__}: {error}"[:300]
            log.warning("loop-failed", extra={"loop": loop.name, "error": problem})
        health.beat(loop.name, problem)
        try:
            async with asyncio.timeout(min(loop.every, AFTER_FAILURE_SECONDS) if problem else loop.every):
                await stopping.wait()
        except TimeoutError:
            continue


def upkeep_loops(delivery: Delivery, health: Health, end_process: Callable[[str], None]) -> list[Loop]:
    """The loops of one hop; `end_process` is called with the reason when it cannot go on as it is."""
    settings, hop = delivery.settings, delivery.hop
    # A batch behind a suspect that is behind a batch, then the wait for a server that is away.
    longest_silence = settings.batch_timeout * 3 + LONGEST_PAUSE_SECONDS + SLACK_SECONDS
    standing = 0

    async def watch() -> None:
        nonlocal standing
        if made := await ensure_groups(delivery.redis, (hop,), settings.partitions):
            metrics.GROUPS_LOST.inc(len(made))
            log.critical("groups-lost", extra={"hop": hop.name, "streams": made})
            end_process(
                f"the consumer group of {', '.join(made)} was gone: Redis lost its data or was flushed"
            )
        stands = not delivery.halted and delivery.reads.silence(time.monotonic()) > longest_silence
        standing = standing + 1 if stands else 0
        if standing == STANDING_CHECKS:
            end_process(f"the reader of {hop.name} stands still")

    async def count() -> None:
        now = await backlog(delivery.redis, hop, settings.partitions)
        metrics.BACKLOG.labels(hop.name).set(now.total)
        metrics.PENDING.labels(hop.name).set(now.pending)

    async def cut() -> None:
        removed = await trim(delivery.redis, hop.source, settings.partitions, settings.replay_window)
        metrics.TRIMMED.labels(hop.source).inc(removed)

    async def reader_moves() -> str:
        if delivery.halted:
            return delivery.halted
        if problem := delivery.reads.problem():
            return f"reads fail: {problem}"
        silent = delivery.reads.silence(time.monotonic())
        return f"no read for {silent:.0f} s" if silent > longest_silence else ""

    health.add_condition(f"{hop.name}.reader", reader_moves)
    for counter in (metrics.ENTRIES_LOST, metrics.RECLAIMED):
        counter.labels(hop.name)  # 0 from the start, so that the first is seen as an increase
    reclaim_every = min(max(settings.min_idle / 4, 0.1), 5.0)
    longest_round = settings.batch_timeout * 3 + LONGEST_PAUSE_SECONDS
    return [
        Loop(f"{hop.name}.watch", 1.0, watch),
        Loop(f"{hop.name}.reclaim", reclaim_every, lambda: reclaim(delivery), longest_round),
        Loop(f"{hop.name}.backlog", 5.0, count),
        Loop(f"{hop.name}.measure", 10.0, lambda: measure(delivery.redis, hop, settings.partitions)),
        Loop(f"{hop.name}.trim", 10.0, cut),
        Loop(f"{hop.name}.consumers", 300.0, lambda: forget_consumers(delivery)),
    ]

"""The streams: every group there, nothing waiting for long, no dead letters."""

from __future__ import annotations

from redis.exceptions import RedisError

from warta_shared.delivery import dead_letters
from warta_shared.delivery.address import InvalidRedisUrl
from warta_shared.delivery.backlog import Backlog, backlog
from warta_shared.delivery.client import Redis, opened
from warta_shared.delivery.groups import groups_of
from warta_shared.delivery.hop import FETCH, HOPS, Hop
from warta_shared.delivery.measure import oldest_age
from warta_shared.delivery.names import partitions
from warta_shared.doctor.finding import Finding, graded, ok, skipped, warn
from warta_shared.settings import DeliverySettings

LATE_SECONDS = 600
"""As the alert WartaStuck has it."""


async def examine() -> list[Finding]:
    """Skipped where Redis gives no answer: `redis` tells why."""
    settings = DeliverySettings()
    try:
        async with opened(settings) as redis:
            hops = [await _hop(redis, hop, settings) for hop in HOPS]
            return [*hops, dead_finding(await dead_letters.number(redis, settings.partitions))]
    except (InvalidRedisUrl, RedisError, OSError):
        return [skipped("streams", "Redis gives no answer")]


async def _hop(redis: Redis, hop: Hop, settings: DeliverySettings) -> Finding:
    missing = [
        key
        for partition in partitions(settings.partitions)
        if hop.name not in await groups_of(redis, key := hop.source_key(partition))
    ]
    if missing:
        return group_missing(hop.name, missing)
    waits = await backlog(redis, hop, settings.partitions)
    age = await oldest_age(redis, hop, settings.partitions)
    return backlog_finding(hop.name, waits, age, settings.max_backlog)


def group_missing(hop: str, streams: list[str]) -> Finding:
    """No service ever ran on these streams, or Redis lost its memory."""
    told = f"no group on {', '.join(streams[:3])}{' ...' if len(streams) > 3 else ''}"
    return warn(
        f"hop {hop}", told, "Start the services; `groups-lost` in docs/operating.md if they ran before."
    )


def backlog_finding(hop: str, waits: Backlog, age: float, most: int) -> Finding:
    """Messages not settled, for how many seconds the oldest of them, and where producers wait.

    A page may wait for its host for hours, an article for nothing.
    """
    says = f"{waits.total:,} wait, {waits.pending:,} of them in work, the oldest for {age:.0f} s"
    advice = f"Is the service up? What does its log say? More of it: docker compose up -d --scale {hop}=2."
    late = hop != FETCH.name and age > LATE_SECONDS
    return graded(f"hop {hop}", says, advice, fails=waits.total > most or late, warns=waits.total > most / 10)


def dead_finding(number: int) -> Finding:
    """Of how many dead letters there are."""
    if number:
        return warn("dead letters", f"{number:,}", "warta dead-letters list")
    return ok("dead letters", "none")

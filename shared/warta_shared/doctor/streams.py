"""The streams: every group there, nothing waiting for long, no dead letters."""

from __future__ import annotations

from redis.exceptions import RedisError

from warta_shared.delivery.backlog import backlog
from warta_shared.delivery.broker import Redis, connection, make_broker
from warta_shared.delivery.groups import groups_of
from warta_shared.delivery.hop import HOPS, Hop
from warta_shared.delivery.names import DEAD, partitions, stream
from warta_shared.doctor.finding import Finding, graded, ok, skipped, warn
from warta_shared.settings import DeliverySettings


async def examine() -> list[Finding]:
    """Skipped where Redis gives no answer: `redis` tells why."""
    settings = DeliverySettings()
    broker = make_broker(settings)
    try:
        await broker.connect()
        redis = connection(broker)
        return [*[await _hop(redis, hop, settings) for hop in HOPS], await _dead(redis, settings.partitions)]
    except (RedisError, OSError):
        return [skipped("streams", "Redis gives no answer")]
    finally:
        await broker.stop()


async def _hop(redis: Redis, hop: Hop, settings: DeliverySettings) -> Finding:
    missing = [
        key
        for partition in partitions(settings.partitions)
        if hop.name not in await groups_of(redis, key := hop.source_key(partition))
    ]
    if missing:
        return group_missing(hop.name, missing)
    waits = await backlog(redis, hop, settings.partitions)
    return backlog_finding(hop.name, waits.total, waits.pending, settings.max_backlog)


def group_missing(hop: str, streams: list[str]) -> Finding:
    """No service ever ran on these streams, or Redis lost its memory."""
    told = f"no group on {', '.join(streams[:3])}{' ...' if len(streams) > 3 else ''}"
    return warn(
        f"hop {hop}", told, "Start the services; `groups-lost` in docs/operating.md if they ran before."
    )


def backlog_finding(hop: str, total: int, pending: int, most: int) -> Finding:
    """Messages not settled, those of them given out, and where producers wait."""
    says = f"{total:,} wait, {pending:,} of them in work; producers wait from {most:,}"
    advice = f"Is the service up? Start more of it: docker compose up -d --scale {hop}=2."
    return graded(f"hop {hop}", says, advice, fails=total > most, warns=total > most / 10)


async def _dead(redis: Redis, count: int) -> Finding:
    number = sum([await redis.xlen(stream(DEAD, partition)) for partition in partitions(count)])
    if number:
        return warn("dead letters", f"{number:,}", "warta dead-letters list")
    return ok("dead letters", "none")

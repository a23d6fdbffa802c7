"""Whether this release can read what lies in the streams: entries of other schema versions, oldest and newest."""

from __future__ import annotations

from collections import Counter

from redis.exceptions import RedisError

from warta_shared.delivery.address import InvalidRedisUrl
from warta_shared.delivery.client import Redis, opened
from warta_shared.delivery.hop import HOPS
from warta_shared.delivery.names import partitions, stream
from warta_shared.doctor.finding import Finding, failed, ok, skipped
from warta_shared.events.entry import SUPPORTED_VERSIONS
from warta_shared.settings import RedisSettings

ENDS = 200
"""So many entries are read at either end of each stream."""


async def examine() -> list[Finding]:
    """One for each stream."""
    settings = RedisSettings()
    try:
        async with opened(settings) as redis:
            return [
                versions_finding(name, await _versions(redis, name, settings.partitions))
                for name in (hop.source for hop in HOPS)
            ]
    except (InvalidRedisUrl, RedisError, OSError):
        return [skipped("events", "Redis gives no answer")]


def versions_finding(stream: str, versions: Counter[str]) -> Finding:
    """Of how many entries of each version were seen."""
    reads = ", ".join(sorted(version.decode() for version in SUPPORTED_VERSIONS))
    told = ", ".join(f"{number} of version {version}" for version, number in sorted(versions.items()))
    says = f"{stream}: {told or 'nothing'}; this release reads {reads}"
    if all(version.encode() in SUPPORTED_VERSIONS for version in versions):
        return ok("events", says)
    return failed(
        "events", says, "Let the release that is running empty the streams first: stop ingest, and wait."
    )


async def _versions(redis: Redis, name: str, count: int) -> Counter[str]:
    found: Counter[str] = Counter()
    for partition in partitions(count):
        key = stream(name, partition)
        ends = dict(await redis.xrange(key, count=ENDS)) | dict(await redis.xrevrange(key, count=ENDS))
        found += Counter(fields.get(b"v", b"none").decode("ascii", "replace") for fields in ends.values())
    return found

"""Redis: reachable, of a version and with settings that keep what it is given, with room and the right clock."""

from __future__ import annotations

import time
from typing import Any

from redis.exceptions import AuthenticationError, NoPermissionError, RedisError

from warta_shared.delivery.address import InvalidRedisUrl
from warta_shared.delivery.client import Redis, opened
from warta_shared.doctor.finding import Finding, failed, graded, ok, skipped
from warta_shared.doctor.redis_rights import rights_findings
from warta_shared.settings import DeliverySettings

OLDEST = (7, 0)
CLOCK_WARN, CLOCK_FAIL = 2.0, 60.0
"""Seconds between two clocks: times of articles and ages of messages are off by as much."""
GIB = 1024**3


async def examine() -> list[Finding]:
    """Every node of a cluster, or the one server."""
    settings = DeliverySettings()
    try:
        async with opened(settings) as redis:
            return await _findings(redis, settings)
    except InvalidRedisUrl as error:
        return [failed("redis", str(error), "Mend WARTA_REDIS_URL.")]
    except (AuthenticationError, NoPermissionError) as error:
        return [failed("redis", f"refused: {error}", "Is this the operator's user and password?")]
    except (RedisError, OSError) as error:
        advice = "Is it running, and is WARTA_REDIS_URL right?"
        return [failed("redis", f"no answer: {error}", advice, unreachable=True)]


async def _findings(redis: Redis, settings: DeliverySettings) -> list[Finding]:
    found = [await _clock(redis)]
    for node, info in (await _infos(redis)).items():
        found += node_findings(node, info, settings.max_memory_ratio)
    return found + await rights_findings(redis)


async def _infos(redis: Redis) -> dict[str, dict[str, Any]]:
    if not hasattr(redis, "get_node_from_key"):
        return {"redis": await redis.info()}
    return {f"redis {node}": info for node, info in (await redis.info(target_nodes="primaries")).items()}


def node_findings(node: str, info: dict[str, Any], max_memory_ratio: float) -> list[Finding]:
    """What its INFO tells; `max_memory_ratio` is where producers wait."""
    return [
        _version(node, info),
        _kept(node, info),
        _written(node, info),
        _room(node, info, max_memory_ratio),
    ]


def _version(node: str, info: dict[str, Any]) -> Finding:
    server = "valkey" if "valkey_version" in info else "redis"
    version = str(info[f"{server}_version"])
    numbers = tuple(int(part) for part in version.split(".")[:2])
    oldest = ".".join(map(str, OLDEST))
    return graded(node, f"{server} {version}", f"Use {oldest} or newer.", fails=numbers < OLDEST, warns=False)


def _kept(node: str, info: dict[str, Any]) -> Finding:
    policy, limit, appends = info.get("maxmemory_policy"), info.get("maxmemory"), info.get("aof_enabled")
    wrong = [
        *(
            [f"maxmemory-policy is {policy}, so that Redis throws news away"]
            if policy != "noeviction"
            else ()
        ),
        *(["appendonly is no: a restart loses everything"] if not appends else ()),
        *(["no maxmemory: it grows until the machine ends it"] if not limit else ()),
        *([f"{info['evicted_keys']} keys were thrown away"] if info.get("evicted_keys") else ()),
    ]
    if wrong:
        return failed(node, "; ".join(wrong), "Take the settings of deploy/redis/redis.conf.")
    return ok(node, "keeps what it is given: noeviction, appendonly")


def _written(node: str, info: dict[str, Any]) -> Finding:
    states = {
        name: info[name] for name in ("aof_last_write_status", "aof_last_bgrewrite_status") if name in info
    }
    bad = [f"{name} {state}" for name, state in states.items() if state != "ok"]
    if bad:
        return failed(node, ", ".join(bad), "Is Redis' disk full? Its log tells.")
    return ok(node, "its file was written without trouble")


def _room(node: str, info: dict[str, Any], most: float) -> Finding:
    used, limit = info["used_memory"], info.get("maxmemory")
    if not limit:
        return skipped(node, "without maxmemory nobody knows how full it is")
    ratio = used / limit
    says = f"{used / GIB:.2f} of {limit / GIB:.2f} GiB used ({ratio:.0%}); producers wait from {most:.0%}"
    advice = "Raise REDIS_MAXMEMORY and REDIS_MEMORY, or start more of the slow service."
    return graded(node, says, advice, fails=ratio >= most, warns=ratio >= most * 0.8)


async def _clock(redis: Redis) -> Finding:
    before = time.time()
    seconds, microseconds = await redis.time()
    return clock_finding("redis", seconds + microseconds / 1e6 - (before + time.time()) / 2)


def clock_finding(server: str, ahead: float) -> Finding:
    """By how many seconds a server's clock is ahead of ours."""
    says = f"{server}: {abs(ahead):.1f} s {'ahead of' if ahead > 0 else 'behind'} this machine"
    return graded(
        "clock", says, "Set both by NTP.", fails=abs(ahead) > CLOCK_FAIL, warns=abs(ahead) > CLOCK_WARN
    )

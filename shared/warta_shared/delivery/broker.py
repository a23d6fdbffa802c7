"""The one place that knows a broker class and reaches the connection inside it."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlsplit

from faststream.redis import RedisBroker, RedisClusterBroker, RedisSentinelBroker

from warta_shared.settings import RedisSettings

# redis.asyncio.Redis or RedisCluster: one interface for what delivery uses, but no common base class.
Redis = Any

CONNECTIONS_BEYOND_PARTITIONS = 64
# A blocked read must end before redis-py's own deadline for a reply, else it looks like a lost server.
REPLY_DEADLINE_SECONDS = 10.0
MANY_PARTITIONS = 16


class InvalidRedisUrl(ValueError):
    """The URL names no scheme or place that Warta can use."""


def poll_milliseconds(settings: RedisSettings) -> int:
    """How long one read blocks: longer with many partitions, so that idle ones cost little."""
    return 4_000 if settings.partitions > MANY_PARTITIONS else 1_000


def make_broker(settings: RedisSettings, *, graceful_seconds: float = 25.0) -> RedisBroker:
    """The broker for the URL's scheme: redis, rediss, redis+sentinel, redis+cluster (or rediss+...)."""
    scheme, _, place = settings.redis_url.partition("://")
    options = _options(settings, graceful_seconds)
    tls = scheme.startswith("rediss")
    match scheme.removeprefix("rediss").removeprefix("redis"):
        case "" if place:
            return RedisBroker(settings.redis_url, **options)
        case "+sentinel" if place:
            hosts, _, master = place.partition("/")
            return RedisSentinelBroker(
                sentinels=[_address(host) for host in hosts.split(",")],
                sentinel_master_name=master or "mymaster",
                **options,
            )
        case "+cluster" if place:
            if not settings.partitions:
                raise InvalidRedisUrl(
                    "a Redis Cluster needs WARTA_PARTITIONS (64 is a good choice, for ever)"
                )
            return RedisClusterBroker(f"{'rediss' if tls else 'redis'}://{place}", **options)
    raise InvalidRedisUrl(
        "WARTA_REDIS_URL must begin with redis://, rediss://, redis+sentinel:// or redis+cluster://"
    )


def connection(broker: RedisBroker) -> Redis:
    """The redis-py client that a connected broker holds."""
    client = broker._connection
    if client is None:
        raise RuntimeError("the broker is not connected")
    return client


def _options(settings: RedisSettings, graceful_seconds: float) -> dict[str, Any]:
    options: dict[str, Any] = {
        "max_connections": settings.partitions * 2 + CONNECTIONS_BEYOND_PARTITIONS,
        "socket_timeout": REPLY_DEADLINE_SECONDS,
        "socket_connect_timeout": 5.0,
        "graceful_timeout": graceful_seconds,
        "apply_types": False,
        "logger": logging.getLogger("faststream"),
        "log_level": logging.DEBUG,
    }
    if settings.redis_username:
        options["username"] = settings.redis_username
    if settings.redis_password:
        options["password"] = settings.redis_password.get_secret_value()
    return options


def _address(host: str) -> tuple[str, int]:
    parts = urlsplit(f"//{host}")
    return parts.hostname or "127.0.0.1", parts.port or 26_379

"""The one place that knows a broker class and reaches the connection inside it."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from faststream.redis import RedisBroker, RedisSentinelBroker
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialWithJitterBackoff

from warta_shared.delivery.cluster import ClusterBroker
from warta_shared.settings import RedisSettings

# redis.asyncio.Redis or RedisCluster: one interface for what delivery uses, but no common base class.
Redis = Any

# A blocked read holds a connection; several readers a partition, and everything else beside them: pages and
# polls that run at once, pushes. One connection too many is an error and no wait, so this is no tight bound.
CONNECTIONS_A_PARTITION = 8
CONNECTIONS_BESIDE = 1_000
# A blocked read must end before redis-py's own deadline for a reply, else it looks like a lost server.
REPLY_DEADLINE_SECONDS = 10.0
CONNECT_DEADLINE_SECONDS = 5.0
# Repeating is harmless: scripts are idempotent, what a lost reply gave out is pending and comes again.
RETRIES = 2
MANY_PARTITIONS = 16
SENTINEL_PORT = 26_379
CLUSTER_PORT = 6_379


class InvalidRedisUrl(ValueError):
    """The URL names no scheme or place that Warta can use."""


def poll_milliseconds(settings: RedisSettings) -> int:
    """How long one read blocks: longer with many partitions, so that idle ones cost little."""
    return 4_000 if settings.partitions > MANY_PARTITIONS else 1_000


def make_broker(settings: RedisSettings, *, graceful_seconds: float = 25.0) -> RedisBroker:
    """The broker for the URL's scheme: redis, rediss, redis+sentinel, redis+cluster (or rediss+...)."""
    scheme, _, place = settings.redis_url.partition("://")
    protocol, _, kind = scheme.partition("+")
    options = _options(settings, graceful_seconds)
    if protocol not in {"redis", "rediss"} or kind not in {"", "sentinel", "cluster"} or not place:
        raise InvalidRedisUrl(
            "WARTA_REDIS_URL must begin with redis://, rediss://, redis+sentinel:// or redis+cluster://"
        )
    if kind == "sentinel":
        return _sentinel_broker(place, options, tls=protocol == "rediss")
    if kind == "cluster":
        if not settings.partitions:
            raise InvalidRedisUrl("a Redis Cluster needs WARTA_PARTITIONS (64 is a good choice, for ever)")
        return _cluster_broker(protocol, place, options)
    return RedisBroker(settings.redis_url, **options)


@asynccontextmanager
async def opened(settings: RedisSettings) -> AsyncIterator[Redis]:
    """A connection for a command; raises InvalidRedisUrl, and redis-py's errors where Redis does not answer."""
    broker = make_broker(settings)
    try:
        await broker.connect()
        redis = connection(broker)
        await redis.ping()
        yield redis
    finally:
        await broker.stop()


def connection(broker: RedisBroker) -> Redis:
    """The redis-py client that a connected broker holds."""
    client = broker._connection
    if client is None:
        raise RuntimeError("the broker is not connected")
    return client


def _options(settings: RedisSettings, graceful_seconds: float) -> dict[str, Any]:
    options: dict[str, Any] = {
        "max_connections": settings.partitions * CONNECTIONS_A_PARTITION + CONNECTIONS_BESIDE,
        "socket_timeout": REPLY_DEADLINE_SECONDS,
        "socket_connect_timeout": CONNECT_DEADLINE_SECONDS,
        "retry": Retry(ExponentialWithJitterBackoff(cap=1.0, base=0.05), RETRIES),
        # Entries are bytes from anyone: a URL that asks for text would fail whole batches.
        "decode_responses": False,
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


def _sentinel_broker(place: str, options: dict[str, Any], *, tls: bool) -> RedisBroker:
    """`[user:password@]host[:port],host[:port].../master`; the credentials are the master's."""
    parts = urlsplit(f"//{place}")
    login, _, hosts = parts.netloc.rpartition("@")
    if login:
        user, _, password = login.partition(":")
        options = {"username": user or None, "password": password, **options}
    secure: dict[str, Any] = {"ssl": True} if tls else {}
    return RedisSentinelBroker(
        sentinels=[_address(host, SENTINEL_PORT) for host in hosts.split(",")],
        sentinel_master_name=parts.path.strip("/") or "mymaster",
        sentinel_kwargs={"socket_timeout": CONNECT_DEADLINE_SECONDS, **secure},
        **options,
        **secure,
    )


def _cluster_broker(protocol: str, place: str, options: dict[str, Any]) -> RedisBroker:
    """`[user:password@]host:port[,host:port...]`: any nodes, the client learns of the others."""
    parts = urlsplit(f"//{place}")
    login, at, hosts = parts.netloc.rpartition("@")
    first, *others = hosts.split(",")
    query = f"?{parts.query}" if parts.query else ""
    return ClusterBroker(
        f"{protocol}://{login}{at}{first}{query}",
        startup_nodes=[_address(host, CLUSTER_PORT) for host in others],
        **options,
    )


def _address(host: str, default_port: int) -> tuple[str, int]:
    parts = urlsplit(f"//{host}")
    try:
        port = parts.port or default_port
    except ValueError as error:
        raise InvalidRedisUrl(f"WARTA_REDIS_URL: {error}") from error
    return parts.hostname or "127.0.0.1", port

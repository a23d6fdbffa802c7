"""The connection to Redis, as services and commands have it.

A command opens its own: FastStream, through which services connect (broker.py), takes 0.7 s to import.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from redis.asyncio import Redis as ServerClient
from redis.asyncio.cluster import ClusterNode, RedisCluster
from redis.asyncio.connection import ConnectionPool, parse_url
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import Sentinel
from redis.backoff import ExponentialWithJitterBackoff

from warta_shared.delivery.address import Address, Kind, parse_address
from warta_shared.delivery.cluster_errors import raise_ordinary_errors
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


@asynccontextmanager
async def opened(settings: RedisSettings) -> AsyncIterator[Redis]:
    """A connection for a command; raises InvalidRedisUrl, and redis-py's errors where Redis does not answer."""
    address = parse_address(settings.redis_url, settings.partitions)
    async with AsyncExitStack() as stack:
        redis = _client(address, connection_options(settings, address), stack)
        stack.push_async_callback(redis.aclose)
        await redis.ping()
        yield redis


def connection_options(settings: RedisSettings, address: Address) -> dict[str, Any]:
    """What redis-py is told about every connection."""
    options: dict[str, Any] = {
        "max_connections": settings.partitions * CONNECTIONS_A_PARTITION + CONNECTIONS_BESIDE,
        "socket_timeout": REPLY_DEADLINE_SECONDS,
        "socket_connect_timeout": CONNECT_DEADLINE_SECONDS,
        "retry": Retry(ExponentialWithJitterBackoff(cap=1.0, base=0.05), RETRIES),
        # Entries are bytes from anyone: a URL that asks for text would fail whole batches.
        "decode_responses": False,
    }
    username = settings.redis_username or address.username
    password = settings.redis_password.get_secret_value() if settings.redis_password else address.password
    options |= {"username": username} if username else {}
    return options | ({"password": password} if password else {})


def sentinel_options(address: Address) -> dict[str, Any]:
    """What redis-py is told about the connections to the Sentinels themselves."""
    return {"socket_timeout": CONNECT_DEADLINE_SECONDS, **tls_options(address)}


def tls_options(address: Address) -> dict[str, Any]:
    """Where no URL says it."""
    return {"ssl": True} if address.tls else {}


def _client(address: Address, options: dict[str, Any], stack: AsyncExitStack) -> Redis:
    """Settings go before the URL, as FastStream has it. `stack` closes what the client itself does not."""
    match address.kind:
        case Kind.SERVER:
            return ServerClient.from_pool(ConnectionPool(**{**parse_url(address.url), **options}))
        case Kind.SENTINEL:
            make: Any = Sentinel  # its constructor has no types
            given = options | tls_options(address)
            watching = make(list(address.hosts), sentinel_kwargs=sentinel_options(address), **given)
            for sentinel in watching.sentinels:
                stack.push_async_callback(sentinel.aclose)
            return watching.master_for(address.master)
        case Kind.CLUSTER:
            given = {**parse_url(address.url), **options, **tls_options(address)}
            given.pop("connection_class", None)
            given["startup_nodes"] = [ClusterNode(host, port) for host, port in address.hosts]
            return raise_ordinary_errors(RedisCluster(**given))

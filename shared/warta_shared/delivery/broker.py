"""The one place that knows a broker class and reaches the connection inside it."""

from __future__ import annotations

import logging
from typing import Any

from faststream.redis import RedisBroker, RedisClusterBroker, RedisSentinelBroker

from warta_shared.delivery.address import Address, Kind, parse_address
from warta_shared.delivery.client import Redis, connection_options, sentinel_options, tls_options
from warta_shared.delivery.cluster_errors import raise_ordinary_errors
from warta_shared.settings import RedisSettings

MANY_PARTITIONS = 16


def poll_milliseconds(settings: RedisSettings) -> int:
    """How long one read blocks: longer with many partitions, so that idle ones cost little."""
    return 4_000 if settings.partitions > MANY_PARTITIONS else 1_000


def make_broker(settings: RedisSettings, *, graceful_seconds: float = 25.0) -> RedisBroker:
    """The broker for WARTA_REDIS_URL; raises InvalidRedisUrl."""
    address = parse_address(settings.redis_url, settings.partitions)
    options = {
        **connection_options(settings, address),
        "graceful_timeout": graceful_seconds,
        "apply_types": False,
        "logger": logging.getLogger("faststream"),
        "log_level": logging.DEBUG,
    }
    match address.kind:
        case Kind.SERVER:
            return RedisBroker(address.url, **options)
        case Kind.SENTINEL:
            return _sentinel_broker(address, options)
        case Kind.CLUSTER:
            return ClusterBroker(address.url, startup_nodes=list(address.hosts), **options)


def connection(broker: RedisBroker) -> Redis:
    """The redis-py client that a connected broker holds."""
    client = broker._connection
    if client is None:
        raise RuntimeError("the broker is not connected")
    return client


class ClusterBroker(RedisClusterBroker):
    """FastStream's; commands and pipelines of its client raise nothing but RedisError and OSError."""

    async def _connect(self) -> Any:
        return raise_ordinary_errors(await super()._connect())


def _sentinel_broker(address: Address, options: dict[str, Any]) -> RedisBroker:
    return RedisSentinelBroker(
        sentinels=list(address.hosts),
        sentinel_master_name=address.master,
        sentinel_kwargs=sentinel_options(address),
        **options,
        **tls_options(address),
    )

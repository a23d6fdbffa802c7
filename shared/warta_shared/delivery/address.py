"""WARTA_REDIS_URL -> where Redis is: one server, the master that Sentinels name, or a cluster."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from redis.asyncio.connection import parse_url

SENTINEL_PORT = 26_379
CLUSTER_PORT = 6_379

HostPort = tuple[str, int]


class InvalidRedisUrl(ValueError):
    """The URL names no scheme or place that Warta can use."""


class Kind(StrEnum):
    """What answers."""

    SERVER = ""
    SENTINEL = "sentinel"
    CLUSTER = "cluster"


@dataclass(frozen=True, slots=True)
class Address:
    """`url`: of the server, or of the first node of a cluster, as redis-py reads it.

    `hosts`: the Sentinels, or the other nodes. `username`, `password` and `master` are for a master of Sentinels.
    """

    kind: Kind
    tls: bool
    url: str = ""
    hosts: tuple[HostPort, ...] = ()
    username: str = ""
    password: str = ""
    master: str = ""


def parse_address(url: str, partitions: int) -> Address:
    """The scheme is redis, rediss, redis+sentinel, redis+cluster or rediss+...; raises InvalidRedisUrl."""
    scheme, _, place = url.partition("://")
    protocol, _, kind = scheme.partition("+")
    if protocol not in {"redis", "rediss"} or kind not in set(Kind) or not place:
        raise InvalidRedisUrl(
            "WARTA_REDIS_URL must begin with redis://, rediss://, redis+sentinel:// or redis+cluster://"
        )
    if kind == Kind.CLUSTER and not partitions:
        raise InvalidRedisUrl("a Redis Cluster needs WARTA_PARTITIONS (64 is a good choice, for ever)")
    try:
        return _address(Kind(kind), protocol, place)
    except ValueError:  # what it says may quote a password
        raise InvalidRedisUrl(
            "WARTA_REDIS_URL cannot be read: ports are numbers up to 65535, and / ? # % @ in a password are "
            "written as %2F %3F %23 %25 %40"
        ) from None


def _address(kind: Kind, protocol: str, place: str) -> Address:
    tls = protocol == "rediss"
    if kind is Kind.SENTINEL:
        return _sentinels(place, tls=tls)
    if kind is Kind.CLUSTER:
        return _cluster(protocol, place, tls=tls)
    url = f"{protocol}://{place}"
    parse_url(url)
    return Address(kind, tls, url)


def _sentinels(place: str, *, tls: bool) -> Address:
    """`[user:password@]host[:port],host[:port].../master`; the credentials are the master's."""
    parts = urlsplit(f"//{place}")
    login, _, hosts = parts.netloc.rpartition("@")
    user, _, password = login.partition(":")
    return Address(
        Kind.SENTINEL,
        tls,
        hosts=tuple(_host_port(host, SENTINEL_PORT) for host in hosts.split(",")),
        username=unquote(user),
        password=unquote(password),
        master=parts.path.strip("/") or "mymaster",
    )


def _cluster(protocol: str, place: str, *, tls: bool) -> Address:
    """`[user:password@]host:port[,host:port...]`: any nodes, the client learns of the others."""
    parts = urlsplit(f"//{place}")
    login, at, hosts = parts.netloc.rpartition("@")
    first, *others = hosts.split(",")
    query = f"?{parts.query}" if parts.query else ""
    url = f"{protocol}://{login}{at}{first}{query}"
    parse_url(url)
    return Address(
        Kind.CLUSTER,
        tls,
        url,
        tuple(_host_port(host, CLUSTER_PORT) for host in others),
    )


def _host_port(host: str, default_port: int) -> HostPort:
    parts = urlsplit(f"//{host}")
    return parts.hostname or "127.0.0.1", parts.port or default_port

"""Streams on real servers of three kinds, and workers on them."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest
from streams import Streams
from worker_process import Start, Worker

from warta_local.redis_server import RedisCluster, RedisNotFound, RedisServer, find_engine
from warta_shared.delivery.broker import connection, make_broker
from warta_shared.settings import DeliverySettings

Program = Literal["redis", "valkey"]


@dataclass(frozen=True)
class Servers:
    """Where the streams are: one server or a cluster, with or without partitions."""

    url: str
    partitions: int

    def settings(self, **given: Any) -> DeliverySettings:
        """As a service on these streams has them."""
        return DeliverySettings(redis_url=self.url, partitions=self.partitions, **given)


KINDS: dict[str, tuple[Program, int]] = {
    "redis": ("redis", 0),
    "valkey-partitions": ("valkey", 8),
    "cluster": ("redis", 8),
}


@pytest.fixture(scope="session", params=KINDS)
def everywhere(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Plain names on Redis, 8 partitions on Valkey, 8 partitions on a cluster of three masters."""
    program, partitions = KINDS[request.param]
    _require(program)
    folder = tmp_path_factory.mktemp(request.param)
    running = (
        RedisCluster(folder, masters=3, engine=program)
        if request.param == "cluster"
        else RedisServer(folder, engine=program)
    )
    with running:
        yield Servers(running.url, partitions)


@pytest.fixture
async def streams(everywhere: Servers) -> AsyncIterator[Streams]:
    """Empty streams on each kind of server."""
    async with streams_on(everywhere) as found:
        await found.redis.flushall()
        yield found


@pytest.fixture
def start(everywhere: Servers, tmp_path: Path) -> Iterator[Start]:
    """Start a worker on each kind of server; settings as keywords."""
    yield from starter(everywhere, tmp_path)


@pytest.fixture(params=["redis", "valkey"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RedisServer]:
    """A server of its own for a test that harms it."""
    _require(request.param)
    with RedisServer(tmp_path / "server", engine=request.param) as running:
        yield running


@pytest.fixture
async def own(server: RedisServer) -> AsyncIterator[Streams]:
    """The plain streams of a server that may be harmed."""
    async with streams_on(Servers(server.url, 0)) as found:
        yield found


@pytest.fixture
def start_own(server: RedisServer, tmp_path: Path) -> Iterator[Start]:
    """Start a worker on a server that may be harmed."""
    yield from starter(Servers(server.url, 0), tmp_path)


@asynccontextmanager
async def streams_on(servers: Servers) -> AsyncIterator[Streams]:
    """Connect as a service does."""
    broker = make_broker(servers.settings())
    await broker.connect()
    try:
        yield Streams(connection(broker), servers.partitions)
    finally:
        await broker.stop()


def starter(servers: Servers, folder: Path) -> Iterator[Start]:
    """A function that starts workers; what still runs at the end is killed."""
    workers: list[Worker] = []

    def start(**settings: Any) -> Worker:
        log = folder / f"worker-{len(workers)}.log"
        given = {"redis_url": servers.url, "partitions": servers.partitions} | settings
        workers.append(Worker(log, **given))
        return workers[-1]

    yield start
    for worker in workers:
        worker.kill()


def _require(program: Program) -> None:
    """Skip where the server program is absent; in CI it must be there."""
    try:
        find_engine(program)
    except RedisNotFound:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"no {program} server program on this machine")

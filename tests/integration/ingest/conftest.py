"""One Redis for all tests of a file that leave it alive: starting and stopping one would take most of their time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from redis import Redis

from pushing import Pushing, pushing_to
from warta_local.redis_server import RedisServer


@pytest.fixture(scope="module")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with RedisServer(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def redis_url(request: pytest.FixtureRequest, shared_server: RedisServer) -> str:
    """An empty Redis; of its own for a test that asks for `redis_server`, to kill it."""
    if "redis_server" in request.fixturenames:
        server: RedisServer = request.getfixturevalue("redis_server")
        return server.url
    with Redis(port=shared_server.port) as redis:
        redis.config_set("maxmemory", 0)
        redis.flushall()
    return shared_server.url


@pytest.fixture
async def pushing(redis_url: str) -> AsyncIterator[Pushing]:
    """A running push API."""
    async with pushing_to(redis_url) as one:
        yield one

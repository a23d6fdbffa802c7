"""Real servers for the tests that need them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from warta_local.elasticsearch import ElasticsearchServer
from warta_local.redis_server import RedisServer


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    """A fresh, empty server for one test (it starts in 50 ms); it may be killed and restarted."""
    with RedisServer(tmp_path / "redis") as server:
        yield server


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """`redis://127.0.0.1:PORT` of a fresh, empty server."""
    return redis_server.url


@pytest.fixture(scope="session")
def elasticsearch_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ElasticsearchServer]:
    """One server for the whole run (it starts in about 10 s): each test uses names of its own.

    Downloaded at the first use on a machine. User `elastic`, password in `.password`.
    """
    server = ElasticsearchServer(
        tmp_path_factory.mktemp("elasticsearch") / "server", password=secrets.token_urlsafe(24)
    )
    try:
        with server:
            yield server
    finally:
        server.wipe()

"""What a command connects to: the same places as a service, settings before the URL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from faults.rig.replicas import Sentinels
from warta_local.redis_server import RedisServer
from warta_shared.delivery.broker import connection, make_broker
from warta_shared.delivery.client import opened
from warta_shared.settings import RedisSettings

LINE = "user reader on >of-the-reader ~* +ping +get +acl|whoami\n"


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[RedisServer]:
    """A server with a user besides the administrator."""
    acl_file = tmp_path / "users.acl"
    acl_file.write_text(f"user default off resetpass ~* &* +@all\nuser admin on >admin ~* &* +@all\n{LINE}")
    with RedisServer(tmp_path / "server", acl_file=acl_file, credentials=("admin", "admin")) as running:
        yield running


async def who(settings: RedisSettings) -> list[str]:
    """Whom Redis takes a command and a service for."""
    async with opened(settings) as redis:
        command = await redis.acl_whoami()
    broker = make_broker(settings)
    await broker.connect()
    try:
        return [command, await connection(broker).acl_whoami()]
    finally:
        await broker.stop()


@pytest.mark.parametrize(
    ("login", "given", "user"),
    [
        ("admin:admin@", {}, "admin"),
        ("", {"redis_username": "reader", "redis_password": "of-the-reader"}, "reader"),
        ("admin:admin@", {"redis_username": "reader", "redis_password": "of-the-reader"}, "reader"),
    ],
)
async def test_one_server(guarded: RedisServer, login: str, given: dict[str, Any], user: str) -> None:
    url = f"redis://{login}127.0.0.1:{guarded.port}"
    assert await who(RedisSettings(redis_url=url, **given)) == [user] * 2


async def test_the_master_that_sentinels_name(tmp_path: Path) -> None:
    place = Sentinels(tmp_path)
    place.start()
    try:
        async with opened(RedisSettings(redis_url=place.url)) as redis:
            assert await redis.set("written", "at the master")
            assert (await redis.info("replication"))["role"] == "master"
    finally:
        place.stop()

"""A cluster in trouble fails as one server does: with errors that every caller expects."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from redis.exceptions import AuthenticationError, RedisError

from commands import run_warta
from warta_local.redis_server import RedisCluster
from warta_shared.delivery.client import opened
from warta_shared.settings import RedisSettings


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[RedisCluster]:
    """Three masters of its own."""
    with RedisCluster(tmp_path, masters=3) as running:
        yield running


def settings(cluster: RedisCluster, **given: Any) -> RedisSettings:
    return RedisSettings(redis_url=cluster.url, partitions=8, **given)


async def test_a_wrong_password_is_what_it_is(cluster: RedisCluster) -> None:
    wrong = settings(cluster, redis_username="operator", redis_password="wrong")
    with pytest.raises(AuthenticationError):
        async with opened(wrong):
            raise AssertionError("it was let in")


def test_a_wrong_password_is_told_to_who_runs_a_command(cluster: RedisCluster, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("wrong")
    given = {
        "WARTA_REDIS_URL": cluster.url,
        "WARTA_PARTITIONS": "8",
        "WARTA_REDIS_USERNAME": "operator",
        "WARTA_REDIS_PASSWORD_FILE": str(tmp_path / "password"),
    }
    answer = run_warta({**os.environ, **given}, "dead-letters", "list")
    assert answer.returncode == 1
    assert answer.stderr.startswith("error: Redis refused: ")


async def test_nodes_that_are_gone(cluster: RedisCluster) -> None:
    async with opened(settings(cluster)) as redis:
        await redis.set("a", "b")
        for node in cluster.nodes:
            node.kill()
        for _ in range(3):
            with pytest.raises((RedisError, OSError)):
                await redis.eval("return redis.call('GET', KEYS[1])", 1, "a")
            with pytest.raises((RedisError, OSError)):
                await redis.hgetall("h")
            with pytest.raises((RedisError, OSError)):
                await redis.pipeline(transaction=False).get("a").execute()

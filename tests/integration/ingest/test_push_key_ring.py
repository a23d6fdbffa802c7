"""Keys that come and go while the API runs: replicas follow, and go on for a while without Redis."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import pytest

from drafts import settings
from ingest_servers import connected, http_client, serving
from warta_ingest.push import key_store
from warta_ingest.push.api import push_api
from warta_ingest.push.key_ring import HOLDS_SECONDS, OUTLIVES_SECONDS, USED_EVERY_SECONDS, KeyRing
from warta_ingest.push.key_store import make_key, revoke
from warta_ingest.push.keys import Holder
from warta_ingest.push.problem import Problem
from warta_ingest.registry.publisher import ArticlePublisher
from warta_local.redis_server import RedisServer
from warta_shared.delivery.client import Redis
from warta_shared.secrets.push_keys import key_line, new_push_key

OF_FILE = new_push_key()
ARTICLE = {"external_id": "1", "title": "Title", "body": "Body.", "source": "S"}


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Replica:
    """What one process knows of the keys."""

    ring: KeyRing
    clock: Clock

    async def name(self, secret: str) -> str:
        return (await self.ring.holder(f"Bearer {secret}")).name

    async def refusal(self, secret: str) -> int:
        with pytest.raises(Problem) as refused:
            await self.ring.holder(f"Bearer {secret}")
        return refused.value.status


def replica(redis: Redis) -> Replica:
    clock = Clock()
    return Replica(KeyRing(lambda: redis, key_line("operator", OF_FILE), clock), clock)


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with connected(settings(redis_url=redis_url)) as one:
        yield one


async def test_a_key_opens_every_replica_a_second_after_it_was_made(redis: Redis) -> None:
    one, other = replica(redis), replica(redis)
    assert await one.name(OF_FILE) == "operator"
    assert await one.refusal(new_push_key()) == 401
    secret, _, _ = await make_key(redis, "wire")
    assert await other.name(secret) == "wire"
    assert await one.refusal(secret) == 401
    one.clock.now += HOLDS_SECONDS
    assert await one.name(secret) == "wire"


async def test_a_revoked_key_opens_none_a_second_later(redis: Redis) -> None:
    secret, prefix, _ = await make_key(redis, "wire")
    replicas = [replica(redis), replica(redis)]
    for one in replicas:
        assert await one.name(secret) == "wire"
    await revoke(redis, [prefix])
    for one in replicas:
        one.clock.now += HOLDS_SECONDS
        assert await one.refusal(secret) == 401


async def test_a_key_is_over_at_its_end(redis: Redis) -> None:
    secret, _, _ = await make_key(redis, "wire", lifetime=0.0)
    one = replica(redis)
    with pytest.raises(Problem, match="expired"):
        await one.ring.holder(f"Bearer {secret}")


async def test_the_holder_has_what_the_key_was_given(redis: Redis) -> None:
    secret, prefix, _ = await make_key(redis, "kabar", per_minute=60, sources=["KABAR", "KABAR"])
    holder = await replica(redis).ring.holder(f"Bearer {secret}")
    assert holder == Holder(prefix, "kabar", 60, frozenset({"KABAR"}))


async def test_last_use_is_written_down_once_a_minute(redis: Redis) -> None:
    one = replica(redis)
    holder = await one.ring.holder(f"Bearer {OF_FILE}")
    await one.ring.note_use(holder)
    first = await key_store.last_used(redis)
    assert list(first) == ["file:operator"]
    await redis.hset(key_store.USED, "file:operator", 1)
    await one.ring.note_use(holder)
    assert await key_store.last_used(redis) == {"file:operator": 1}
    one.clock.now += USED_EVERY_SECONDS
    await one.ring.note_use(holder)
    assert (await key_store.last_used(redis))["file:operator"] >= first["file:operator"]


async def test_without_redis_known_keys_go_on_for_a_while(redis_server: RedisServer) -> None:
    async with connected(settings(redis_url=redis_server.url)) as redis:
        one = replica(redis)
        secret, _, _ = await make_key(redis, "wire")
        assert await one.name(secret) == "wire"
        redis_server.kill()
        one.clock.now += HOLDS_SECONDS
        assert await one.name(secret) == "wire"
        assert await one.refusal(new_push_key()) == 503
        one.clock.now += OUTLIVES_SECONDS
        assert await one.refusal(secret) == 503
        assert await one.name(OF_FILE) == "operator"
        redis_server.restart()
        one.clock.now += HOLDS_SECONDS
        assert await one.name(secret) == "wire"
        assert await one.refusal(new_push_key()) == 401


async def test_a_replica_that_never_saw_the_keys_says_503(redis_server: RedisServer) -> None:
    async with connected(settings(redis_url=redis_server.url)) as redis:
        redis_server.kill()
        assert await replica(redis).refusal(new_push_key()) == 503


@asynccontextmanager
async def two_replicas(
    redis: Redis, redis_url: str, secret: str
) -> AsyncIterator[tuple[httpx.AsyncClient, httpx.AsyncClient]]:
    given = settings(redis_url=redis_url, push_articles_per_minute=10)

    async def always() -> str:
        return ""

    def api() -> object:
        return push_api(given, lambda: redis, ArticlePublisher(lambda: redis, given), always)

    bearer = f"Bearer {secret}"
    async with (
        serving(api()) as first,
        serving(api()) as second,
        http_client(first, authorization=bearer) as one,
        http_client(second, authorization=bearer) as other,
    ):
        yield one, other


async def test_replicas_share_what_a_key_may_push(redis: Redis, redis_url: str) -> None:
    secret, _, _ = await make_key(redis, "wire", per_minute=3)
    articles = [ARTICLE | {"external_id": str(number)} for number in range(2)]
    async with two_replicas(redis, redis_url, secret) as (one, other):
        taken = await one.post("/v1/articles", json=articles)
        assert taken.status_code == 202
        assert taken.headers["ratelimit-policy"] == '"articles";q=3;w=60'
        assert taken.headers["ratelimit"] == '"articles";r=1;t=40'
        refused = await other.post("/v1/articles", json=articles)
        assert refused.status_code == 429
        assert refused.headers["ratelimit"].startswith('"articles";r=1;t=')
        assert 15 <= int(refused.headers["retry-after"]) <= 20
        assert (await other.post("/v1/articles", json=ARTICLE)).status_code == 202


async def test_x_forwarded_for_buys_nothing(redis: Redis, redis_url: str) -> None:
    secret, _, _ = await make_key(redis, "wire", per_minute=1)
    async with two_replicas(redis, redis_url, secret) as (one, other):
        statuses = [
            (
                await client.post(
                    "/v1/articles", json=ARTICLE, headers={"x-forwarded-for": f"192.0.2.{number}"}
                )
            ).status_code
            for number, client in enumerate((one, other, one))
        ]
    assert statuses == [202, 429, 429]


async def test_a_key_pushes_its_own_sources_and_changes_no_others(redis: Redis, redis_url: str) -> None:
    own, _, _ = await make_key(redis, "kabar", sources=["KABAR"])
    url = "https://post.example/1"
    async with two_replicas(redis, redis_url, OF_FILE) as (one, _):
        theirs = ARTICLE | {"external_id": None, "url": url, "source": "POST"}
        anyone, _, _ = await make_key(redis, "anyone")
        taken = await one.post("/v1/articles", json=theirs, headers={"authorization": f"Bearer {anyone}"})
        assert taken.status_code == 202
        bearer = {"authorization": f"Bearer {own}"}
        refused = await one.post("/v1/articles", json=ARTICLE, headers=bearer)
        assert refused.status_code == 403
        assert "may not push articles of source S" in refused.json()["results"][0]["errors"][0]
        overwritten = await one.post("/v1/articles", json=theirs | {"source": "KABAR"}, headers=bearer)
        assert overwritten.status_code == 403
        assert "another source's" in overwritten.json()["results"][0]["errors"][0]
        mixed = await one.post("/v1/articles", json=[ARTICLE, ARTICLE | {"source": "KABAR"}], headers=bearer)
        assert [result["status"] for result in mixed.json()["results"]] == ["forbidden", "published"]

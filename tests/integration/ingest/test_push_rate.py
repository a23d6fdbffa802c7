"""The token bucket of a key, in a real Redis that several replicas share."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from drafts import settings
from ingest_servers import connected
from warta_ingest.push.keys import Holder
from warta_ingest.push.problem import Problem
from warta_ingest.push.rate import Allowance, RateLimit
from warta_shared.delivery.client import Redis

WIRE, DESK = Holder("warta_wire", "wire"), Holder("file:desk", "desk")


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with connected(settings(redis_url=redis_url)) as one:
        yield one


async def test_a_minutes_articles_may_come_at_once_and_then_it_is_over(redis: Redis) -> None:
    limit = RateLimit(lambda: redis, 60)
    assert (await limit.ask(WIRE, 60)).wait == 0
    assert (await limit.ask(WIRE, 1)).wait == pytest.approx(1.0, abs=0.1)
    assert (await limit.ask(WIRE, 30)).wait == pytest.approx(30.0, abs=0.1)


async def test_waiting_as_long_as_told_is_enough(redis: Redis) -> None:
    limit = RateLimit(lambda: redis, 60_000)
    await limit.ask(WIRE, 60_000)
    refused = await limit.ask(WIRE, 20)
    await asyncio.sleep(refused.wait)
    assert (await limit.ask(WIRE, 20)).wait == 0


async def test_a_refusal_costs_nothing(redis: Redis) -> None:
    limit = RateLimit(lambda: redis, 60)
    assert (await limit.ask(WIRE, 61)).wait > 0
    assert (await limit.ask(WIRE, 60)).wait == 0


async def test_replicas_share_a_bucket_keys_do_not(redis: Redis) -> None:
    first, second = RateLimit(lambda: redis, 60), RateLimit(lambda: redis, 60)
    await first.ask(WIRE, 45)
    assert (await second.ask(WIRE, 45)).wait == pytest.approx(30.0, abs=0.1)
    assert (await second.ask(DESK, 45)).wait == 0


async def test_a_key_may_have_a_limit_of_its_own(redis: Redis) -> None:
    limit = RateLimit(lambda: redis, 60)
    slow = Holder("warta_slow", "slow", per_minute=2)
    assert limit.most(slow) == 2
    assert (await limit.ask(slow, 2)).left == pytest.approx(0, abs=0.1)
    assert (await limit.ask(slow, 1)).wait == pytest.approx(30.0, abs=0.1)


async def test_a_full_bucket_is_forgotten(redis: Redis) -> None:
    await RateLimit(lambda: redis, 60).ask(WIRE, 60)
    assert 0 < await redis.pttl("push-rate:warta_wire") <= 60_000


@pytest.mark.parametrize("stands", [b"", b"nonsense", b"5", b"-5:1", b"\xff:\xff"])
async def test_what_no_release_has_written_is_a_full_bucket(redis: Redis, stands: bytes) -> None:
    await redis.set("push-rate:warta_wire", stands)
    assert (await RateLimit(lambda: redis, 60).ask(WIRE, 60)).wait == 0


async def test_a_clock_that_was_set_back_gives_nothing_away(redis: Redis) -> None:
    await redis.set("push-rate:warta_wire", "3.000:99999999999999")
    limit = RateLimit(lambda: redis, 60)
    assert (await limit.ask(WIRE, 3)).wait == 0
    assert (await limit.ask(WIRE, 1)).wait > 0


def test_the_headers_say_how_much_and_until_when() -> None:
    granted = Allowance(60, 14.5)
    granted.require()
    assert granted.headers() == {
        "RateLimit-Policy": '"articles";q=60;w=60',
        "RateLimit": '"articles";r=14;t=46',
    }
    with pytest.raises(Problem) as refused:
        Allowance(60, 14.5, 5.5).require()
    assert refused.value.status == 429
    assert refused.value.all_headers()["RateLimit"] == '"articles";r=14;t=6'
    assert refused.value.all_headers()["Retry-After"] == "6"

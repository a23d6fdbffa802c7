"""A paused consumer, a wedged poller, a bulk that hangs: readiness names each, and the process ends if it must."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from enriched_articles import enriched_article, entry_of
from warta_index.app import build_service
from warta_index.settings import IndexSettings
from warta_shared.delivery import upkeep
from warta_shared.delivery.broker import make_broker
from warta_shared.delivery.delivery import Delivery
from warta_shared.delivery.hop import ENRICH
from warta_shared.delivery.outcome import Done, Message, Retry
from warta_shared.delivery.upkeep import STANDING_CHECKS, Loop, run_loop, upkeep_loops
from warta_shared.settings import DeliverySettings
from warta_shared.telemetry.health import Health
from warta_shared.telemetry.http import health_routes


async def told(health: Health, path: str) -> tuple[int, dict[str, str]]:
    """What the service would answer there."""
    application: Any = dict(health_routes("enrich", health))[path]
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(application), base_url="http://service"
    ) as client:
        answer = await client.get(path)
    return answer.status_code, answer.json()["problems"]


async def test_a_wedged_poller_is_named_and_not_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "SLACK_SECONDS", 0.05)
    health, stopping = Health(), asyncio.Event()
    polling = asyncio.create_task(
        run_loop(Loop("poll", 0.01, asyncio.Event().wait, longest=0.1), health, stopping)
    )
    await asyncio.sleep(0)
    assert await told(health, "/health/live") == (200, {})
    await asyncio.sleep(0.3)
    assert await told(health, "/health/live") == (503, {"poll": "no progress for 0 s"})
    assert (await told(health, "/health/ready"))[0] == 503
    polling.cancel()


async def handled(messages: Sequence[Message]) -> list[Done]:
    return [Done() for _ in messages]


async def test_a_consumer_that_no_longer_reads_is_named_and_its_process_ends(redis_url: str) -> None:
    settings = DeliverySettings(redis_url=redis_url)
    broker = make_broker(settings)
    await broker.connect()
    try:
        delivery, health, ended = Delivery(broker, ENRICH, handled, settings), Health(), []
        loops = {loop.name: loop for loop in upkeep_loops(delivery, health, ended.append)}
        await loops["enrich.watch"].work()  # makes the group, as a first start does
        ended.clear()
        delivery.reads.alive["articles.raw"] = time.monotonic()
        assert await told(health, "/health/ready") == (200, {})
        delivery.reads.alive["articles.raw"] -= 3_600
        status, problems = await told(health, "/health/ready")
        assert (status, list(problems)) == (503, ["enrich.reader"])
        assert problems["enrich.reader"].startswith("no read for 3600 s")
        for _ in range(STANDING_CHECKS):
            await loops["enrich.watch"].work()
        assert ended == ["the reader of enrich stands still"]
    finally:
        await broker.stop()


@asynccontextmanager
async def server_that_never_answers() -> AsyncIterator[str]:
    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(65_536):
            pass
        writer.close()

    async with await asyncio.start_server(hang, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_a_bulk_that_hangs_gives_its_batch_back_and_is_named(redis_url: str) -> None:
    async with server_that_never_answers() as address:
        settings = IndexSettings(
            redis_url=redis_url,
            elasticsearch_url=address,
            elasticsearch_api_key="a2V5",
            elasticsearch_timeout=0.2,
            write_deadline=0.5,
        )
        service = build_service(settings)
        [delivery] = service.deliveries
        [outcome] = await delivery.handler([Message(b"1-0", entry_of(enriched_article()))])
        assert isinstance(outcome, Retry)
        assert (outcome.reason, outcome.blame) == ("timeout", False)
        problems = await service.health.problems()
        assert problems["elasticsearch"].startswith("timeout: no answer within")

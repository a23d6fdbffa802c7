"""What a long outage leaves pending: taken over at full speed in one round, and not at all while a server is away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from streams import Streams

from warta_local.redis_server import RedisServer
from warta_shared.delivery.broker import make_broker
from warta_shared.delivery.delivery import Delivery
from warta_shared.delivery.groups import ensure_groups
from warta_shared.delivery.hop import ENRICH
from warta_shared.delivery.names import RAW
from warta_shared.delivery.outcome import Message, Outcome, Publish, Retry
from warta_shared.delivery.reclaim import reclaim
from warta_shared.settings import DeliverySettings

LEFT = 1_000
BATCH = 100


@asynccontextmanager
async def delivery_on(server: RedisServer, outcome: Outcome | None) -> AsyncIterator[Delivery]:
    """A delivery whose handler has one outcome for everything; None: passes everything on."""
    settings = DeliverySettings(redis_url=server.url, batch_size=BATCH, min_idle=20.1)
    broker = make_broker(settings)
    await broker.connect()

    async def handle(messages: Sequence[Message]) -> list[Outcome]:
        return [outcome or Publish(message.entry) for message in messages]

    try:
        yield Delivery(broker, ENRICH, handle, settings)
    finally:
        await broker.stop()


async def left_pending(streams: Streams, idle: float) -> None:
    """Given out to a worker that is gone, so long (seconds) ago."""
    await ensure_groups(streams.redis, (ENRICH,), 0)
    await streams.put({f"article{n}": "copy" for n in range(LEFT)})
    await streams.redis.xreadgroup(ENRICH.name, "gone", {RAW: ">"}, count=LEFT)
    ids = [entry["message_id"] for entry in await streams.pending()]
    await streams.redis.xclaim(
        RAW, ENRICH.name, "gone", 0, ids, idle=int(idle * 1000), retrycount=1, justid=True
    )


async def test_all_of_it_in_one_round(own: Streams, server: RedisServer) -> None:
    await left_pending(own, idle=60)
    async with delivery_on(server, None) as delivery:
        assert await reclaim(delivery) == LEFT
    assert len(await own.output()) == LEFT
    assert await own.pending() == []


async def test_one_batch_while_a_server_is_away(own: Streams, server: RedisServer) -> None:
    await left_pending(own, idle=60)
    async with delivery_on(server, Retry("server-away", blame=False)) as delivery:
        async with asyncio.timeout(10):
            assert 0 < await reclaim(delivery) <= 2 * BATCH
    assert len(await own.pending()) == LEFT

"""A hop (read, validate, publish, acknowledge; articles of 4 KB) through FastStream, against a loop without it.

Prints messages a second and the client's CPU for both, from interleaved rounds on a real Redis.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from builders import raw_entry
from warta_local.redis_server import RedisServer
from warta_shared.delivery.attach import attach
from warta_shared.delivery.backlog import backlog
from warta_shared.delivery.broker import Redis, connection, make_broker
from warta_shared.delivery.commit import Received, commit
from warta_shared.delivery.delivery import Delivery
from warta_shared.delivery.groups import ensure_groups
from warta_shared.delivery.hop import ENRICH
from warta_shared.delivery.names import RAW
from warta_shared.delivery.outcome import Message, Outcome, Publish
from warta_shared.events import Entry, RawArticle, decode_event
from warta_shared.settings import ServiceSettings

MESSAGES = 6_000
ROUNDS = 5
BATCH = 200


def outcome(entry: Entry) -> Publish:
    """The work of the hop: the event is validated and passed on."""
    decode_event(entry, RawArticle)
    return Publish(entry)


async def fill(redis: Redis) -> None:
    """A fresh stream of articles."""
    await redis.flushall()
    await ensure_groups(redis, (ENRICH,), 0)
    fields = raw_entry(body="Bank Indonesia held its rate. " * 130).fields()
    for _ in range(MESSAGES // 500):
        pipe = redis.pipeline(transaction=False)
        for _ in range(500):
            pipe.execute_command("XADD", RAW, "*", *fields)
        await pipe.execute()


async def own_loop(url: str) -> None:
    """Without FastStream."""
    settings = ServiceSettings(redis_url=url)
    broker = make_broker(settings)
    await broker.connect()
    redis = connection(broker)
    left = MESSAGES
    while left:
        ((_, entries),) = await redis.xreadgroup(ENRICH.name, "own", {RAW: ">"}, count=BATCH, block=1_000)
        received = [Received(entry_id, fields) for entry_id, fields in entries]
        settled = [(item, outcome(Entry.from_fields(item.fields))) for item in received]
        await commit(redis, ENRICH, None, "own", settled)
        left -= len(received)
    await broker.stop()


async def through_faststream(url: str) -> None:
    """As the services do it."""
    settings = ServiceSettings(redis_url=url, batch_size=BATCH)
    broker = make_broker(settings)
    done = 0
    end = asyncio.Event()

    async def handle(messages: Sequence[Message]) -> list[Outcome]:
        nonlocal done
        done += len(messages)
        if done >= MESSAGES:
            end.set()
        return [outcome(message.entry) for message in messages]

    delivery = Delivery(broker, ENRICH, handle, settings)
    attach(broker, delivery)
    await broker.start()
    await end.wait()
    redis = connection(broker)
    while (await backlog(redis, ENRICH, 0)).total:  # noqa: ASYNC110 -- it is Redis that is waited for
        await asyncio.sleep(0.001)
    await broker.stop()


async def main() -> None:
    """Interleaved rounds, medians."""
    names = {"own loop": own_loop, "FastStream": through_faststream}
    rates: dict[str, list[float]] = {name: [] for name in names}
    costs: dict[str, list[float]] = {name: [] for name in names}
    with tempfile.TemporaryDirectory() as folder, RedisServer(Path(folder) / "redis") as server:
        broker = make_broker(ServiceSettings(redis_url=server.url))
        await broker.connect()
        for _ in range(ROUNDS):
            for name, run in names.items():
                await fill(connection(broker))
                started, cpu = time.perf_counter(), time.process_time()
                await run(server.url)
                rates[name].append(MESSAGES / (time.perf_counter() - started))
                costs[name].append((time.process_time() - cpu) / MESSAGES * 1e6)
        await broker.stop()
    for name in names:
        rate, cost = statistics.median(rates[name]), statistics.median(costs[name])
        print(f"hop, {name}: {rate:,.0f} messages/s, {cost:.1f} us of client CPU a message")
    ratios = [b / a for a, b in zip(rates["own loop"], rates["FastStream"], strict=True)]
    print(
        f"hop, FastStream against the own loop: {statistics.median(ratios):.2f} (median of {ROUNDS} rounds)"
    )


if __name__ == "__main__":
    import uvloop

    uvloop.run(main())

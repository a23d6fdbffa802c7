"""A hop (read, validate, publish, acknowledge; articles of 4 KB) through FastStream, against a loop without it.

Prints messages a second and the client's CPU for both, from interleaved rounds on a real Redis, then where the
CPU of a message goes. The clock runs from the connected broker to the last acknowledgement.
"""

from __future__ import annotations

import asyncio
import logging
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from redis.asyncio.connection import Connection

from builders import raw_entry
from warta_local.redis_server import RedisServer
from warta_shared.delivery.attach import attach
from warta_shared.delivery.backlog import backlog
from warta_shared.delivery.broker import connection, make_broker
from warta_shared.delivery.client import Redis
from warta_shared.delivery.commit import Received, commit
from warta_shared.delivery.delivery import Delivery
from warta_shared.delivery.groups import ensure_groups
from warta_shared.delivery.hop import ENRICH
from warta_shared.delivery.names import RAW
from warta_shared.delivery.outcome import Message, Outcome, Publish
from warta_shared.delivery.scripts import script
from warta_shared.events import Entry, RawArticle, decode_event
from warta_shared.events.entry import FIELD_NAMES
from warta_shared.garbage import collect_seldom
from warta_shared.settings import ServiceSettings

MESSAGES = 10_000
ROUNDS = 5
BATCH = 200


@dataclass(frozen=True)
class Measured:
    """One round of one side: messages a second, CPU of this process in microseconds a message."""

    rate: float
    cpu: float


def stopwatch() -> Callable[[], Measured]:
    """Starts now; call it when all messages are settled."""
    started, used = time.perf_counter(), time.process_time()
    return lambda: Measured(
        MESSAGES / (time.perf_counter() - started), (time.process_time() - used) / MESSAGES * 1e6
    )


def outcome(entry: Entry) -> Publish:
    """The work of the hop: the event is validated and passed on."""
    decode_event(entry, RawArticle)
    return Publish(entry)


def article() -> Entry:
    """4 KB, as ingest publishes it."""
    return raw_entry(body="Bank Indonesia held its rate. " * 130)


async def fill(redis: Redis) -> None:
    """A fresh stream of articles."""
    await redis.flushall()
    await ensure_groups(redis, (ENRICH,), 0)
    fields = article().fields()
    for _ in range(MESSAGES // 500):
        pipe = redis.pipeline(transaction=False)
        for _ in range(500):
            pipe.execute_command("XADD", RAW, "*", *fields)
        await pipe.execute()


async def own_loop(url: str) -> Measured:
    """Without FastStream."""
    settings = ServiceSettings(redis_url=url)
    broker = make_broker(settings)
    await broker.connect()
    redis = connection(broker)
    left, stop = MESSAGES, stopwatch()
    while left:
        reply = await redis.xreadgroup(ENRICH.name, "own", {RAW: ">"}, count=BATCH, block=1_000)
        entries = reply[0][1] if reply else await _abandoned(redis)
        received = [Received(entry_id, fields) for entry_id, fields in entries]
        settled = [(item, outcome(Entry.from_fields(item.fields))) for item in received]
        await commit(redis, ENRICH, None, "own", settled)
        left -= len(received)
    measured = stop()
    await broker.stop()
    return measured


async def _abandoned(redis: Redis) -> Any:
    """What a read of the last round, given up while it was being answered, took with it."""
    return (await redis.xautoclaim(RAW, ENRICH.name, "own", 0, count=BATCH))[1]


async def through_faststream(url: str) -> Measured:
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
    await broker.connect()
    stop = stopwatch()
    await broker.start()
    await end.wait()
    redis = connection(broker)
    while (await backlog(redis, ENRICH, 0)).total:  # noqa: ASYNC110 -- it is Redis that is waited for
        await asyncio.sleep(0.001)
    measured = stop()
    await broker.stop()
    return measured


def pieces() -> dict[str, float]:
    """CPU of what a hop cannot go without, each alone, in microseconds a message."""
    entry = article()
    fields = entry.fields()
    given = dict(zip(fields[::2], fields[1::2], strict=True))
    command: list[Any] = [
        "EVAL",
        script("commit"),
        4,
        "a",
        "b",
        "c",
        "d",
        "group",
        "consumer",
        "5",
        *FIELD_NAMES,
    ]
    batch = [*command, *(["publish 0", b"1764000000000-0", *entry.values()] * BATCH)]
    pack = Connection().pack_command
    work: dict[str, tuple[Callable[[], object], int]] = {
        "entry read and written": (lambda: Entry.from_fields(given).fields(), 1),
        "event validated": (lambda: decode_event(entry, RawArticle), 1),
        "commit packed by redis-py": (lambda: pack(*batch), BATCH),
    }
    return {name: _cpu(run, messages) for name, (run, messages) in work.items()}


def _cpu(run: Callable[[], object], messages: int) -> float:
    times = 4_000 // messages
    used = time.process_time()
    for _ in range(times):
        run()
    return (time.process_time() - used) / (times * messages) * 1e6


async def main() -> None:
    """Interleaved rounds, medians."""
    sides = {"own loop": own_loop, "FastStream": through_faststream}
    found: dict[str, list[Measured]] = {name: [] for name in sides}
    with tempfile.TemporaryDirectory() as folder, RedisServer(Path(folder) / "redis") as server:
        broker = make_broker(ServiceSettings(redis_url=server.url))
        await broker.connect()
        for number in range(ROUNDS + 1):
            for name, run in sides.items():
                await fill(connection(broker))
                measured = await run(server.url)
                if number:  # the first round imports and warms
                    found[name].append(measured)
        await broker.stop()
    report(found)


def report(found: dict[str, list[Measured]]) -> None:
    """Medians, and the ratio of each round's two sides."""
    for name, measured in found.items():
        rate = statistics.median(m.rate for m in measured)
        cpu = statistics.median(m.cpu for m in measured)
        print(f"hop, {name}: {rate:,.0f} messages/s, {cpu:.1f} us of client CPU a message")
    pairs = zip(found["own loop"], found["FastStream"], strict=True)
    ratios = [through.rate / own.rate for own, through in pairs]
    shown = " ".join(f"{ratio:.2f}" for ratio in ratios)
    print(f"hop, FastStream against the own loop: {statistics.median(ratios):.2f} (rounds: {shown})")
    for name, cpu in pieces().items():
        print(f"  of which {name}: {cpu:.1f} us")


if __name__ == "__main__":
    import uvloop

    logging.getLogger("faststream").setLevel(logging.WARNING)
    collect_seldom()  # as Service.run does
    uvloop.run(main())

"""A reader whose server is away keeps its batch: the rest waits in the stream, and well workers are not held up."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from streams import Streams
from worker_process import MIN_IDLE, Start, eventually

from warta_local.redis_server import RedisServer
from warta_shared.delivery import holding
from warta_shared.delivery.broker import make_broker
from warta_shared.delivery.commit import Received, keep
from warta_shared.delivery.delivery import Delivery
from warta_shared.delivery.groups import ensure_groups
from warta_shared.delivery.holding import run_until_settled
from warta_shared.delivery.hop import ENRICH, Hop
from warta_shared.delivery.names import RAW
from warta_shared.delivery.outcome import Dead, Done, Message, Outcome, Publish, Retry
from warta_shared.delivery.reclaim import reclaim
from warta_shared.settings import DeliverySettings

BATCH = 5
NAMES = [f"article{n}" for n in range(10 * BATCH)]
AWAY = Retry("server-away", blame=False)


class Away:
    """While its file is there, the server of the messages that name it is away."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.touch()

    def __str__(self) -> str:
        return f"away {self._path}"

    def end(self) -> None:
        """It is back."""
        self._path.unlink()


@pytest.fixture
def away(tmp_path: Path) -> Away:
    """Away at first."""
    return Away(tmp_path / "away")


@asynccontextmanager
async def delivery_on(
    server: RedisServer, outcomes: Sequence[Outcome] = (), hop: Hop = ENRICH
) -> AsyncIterator[Delivery]:
    """A delivery in this process; its handler gives these outcomes, one for each message, or passes all on."""
    settings = DeliverySettings(
        redis_url=server.url, min_idle=MIN_IDLE, batch_timeout=MIN_IDLE * 0.75, batch_size=4
    )
    broker = make_broker(settings)
    await broker.connect()

    async def handle(messages: Sequence[Message]) -> list[Outcome]:
        return list(outcomes) or [Publish(message.entry) for message in messages]

    try:
        yield Delivery(broker, hop, handle, settings)
    finally:
        await broker.stop()


async def read(own: Streams, delivery: Delivery, names: Sequence[str]) -> list[Received]:
    """As its reader would have it."""
    await ensure_groups(own.redis, (ENRICH,), 0)
    await own.put(dict.fromkeys(names, "copy"))
    answer = await own.redis.xreadgroup(ENRICH.name, delivery.consumer, {RAW: ">"}, count=len(names))
    ((_, found),) = answer
    return [Received(entry_id, fields) for entry_id, fields in found]


async def test_one_batch_is_pending_however_long_it_takes(own: Streams, start_own: Start, away: Away) -> None:
    await own.put(dict.fromkeys(NAMES, str(away)))
    worker = start_own(batch_size=BATCH)
    await worker.ready()
    await eventually(own.pending, bool, "a first try")
    for _ in range(5):
        await asyncio.sleep(MIN_IDLE)
        assert len(await own.pending()) == BATCH
    away.end()
    await eventually(own.settled, bool, "the drain afterwards")
    assert await own.output() == dict.fromkeys(NAMES, 1)
    assert await own.dead() == {}


async def test_a_worker_to_which_the_server_answers_takes_it_over(
    own: Streams, server: RedisServer, start_own: Start, away: Away
) -> None:
    await own.put(dict.fromkeys(NAMES[:BATCH], str(away)))
    worker = start_own(batch_size=BATCH)
    await worker.ready()
    await eventually(own.pending, bool, "a first try")
    async with delivery_on(server) as well:

        async def taken() -> int:
            return await reclaim(well)

        assert await eventually(taken, bool, "a batch to take over") == BATCH
    assert await own.settled()
    assert await own.output() == dict.fromkeys(NAMES[:BATCH], 1)
    away.end()
    await own.put({"later": "copy"})
    await eventually(own.output, lambda output: "later" in output, "work of the first worker")
    assert await own.output() == dict.fromkeys([*NAMES[:BATCH], "later"], 1)


async def test_one_that_waits_among_others_holds_up_nobody(
    own: Streams, start_own: Start, away: Away
) -> None:
    await own.put({"waiting": str(away)} | dict.fromkeys(NAMES, "copy"))
    start_own(batch_size=BATCH)
    await eventually(own.output, lambda output: set(output) == set(NAMES), "all others")
    away.end()
    await eventually(own.settled, bool, "the one that waited")
    assert await own.output() == dict.fromkeys(["waiting", *NAMES], 1)


async def test_it_outlives_redis(own: Streams, server: RedisServer, start_own: Start, away: Away) -> None:
    await own.redis.config_set("appendfsync", "always")
    await own.put(dict.fromkeys(NAMES, str(away)))
    await start_own(batch_size=BATCH).ready()
    await eventually(own.pending, bool, "a first try")
    server.kill()
    server.restart()
    away.end()
    await eventually(own.settled, bool, "the drain after the restart", 40)
    assert await own.output() == dict.fromkeys(NAMES, 1)


@pytest.fixture
def not_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Held for a second at most."""
    monkeypatch.setattr(holding, "LONGEST_SECONDS", 1.0)


@pytest.mark.usefixtures("not_for_long")
async def test_messages_that_only_look_like_an_absent_server_are_put_aside(
    own: Streams, server: RedisServer
) -> None:
    async with delivery_on(server, [AWAY] * 2) as delivery:
        received = await read(own, delivery, NAMES[:2])
        began = time.monotonic()
        async with asyncio.timeout(10):
            await run_until_settled(delivery, None, received)
        assert time.monotonic() - began >= 1.0
        assert delivery.held == Counter({None: 0})
    assert {entry["times_delivered"] for entry in await own.pending()} == {0}


async def run_and_change(
    delivery: Delivery, received: Sequence[Received], outcomes: list[Outcome], later: list[Outcome]
) -> None:
    """Run a batch until it is settled, with other outcomes as soon as it is held."""

    async def change() -> None:
        await eventually(lambda: delivery.held[None], bool, "a held batch")
        outcomes[:] = later

    async with asyncio.timeout(10):
        await asyncio.gather(run_until_settled(delivery, None, received), change())


async def test_a_try_of_a_held_batch_counts_as_one(own: Streams, server: RedisServer) -> None:
    outcomes: list[Outcome] = [AWAY, AWAY]
    async with delivery_on(server, outcomes) as delivery:
        received = await read(own, delivery, NAMES[:2])
        await run_and_change(delivery, received, outcomes, [Retry("its-own-fault")] * 2)
    assert [entry["times_delivered"] for entry in await own.pending()] == [1, 1]


async def test_its_success_ends_the_pauses_of_all(own: Streams, server: RedisServer) -> None:
    outcomes: list[Outcome] = [AWAY, AWAY]
    async with delivery_on(server, outcomes) as delivery:
        received = await read(own, delivery, NAMES[:2])
        await run_and_change(delivery, received, outcomes, [Done("it answers")] * 2)
        assert delivery.pause.reason == ""
    assert await own.settled()


@pytest.mark.parametrize(
    ("outcomes", "hop", "held"),
    [
        ([AWAY, AWAY], ENRICH, True),
        ([AWAY, AWAY, Dead("no-text")], ENRICH, True),
        ([AWAY, AWAY, Done("it answers")], ENRICH, False),
        ([AWAY], ENRICH, False),
        ([AWAY, AWAY], replace(ENRICH, holds=False), False),
    ],
    ids=[
        "all",
        "but a dead one",
        "not when something went well",
        "not a few",
        "not where strangers are asked",
    ],
)
@pytest.mark.usefixtures("not_for_long")
async def test_what_is_held(
    own: Streams, server: RedisServer, outcomes: list[Outcome], hop: Hop, held: bool
) -> None:
    async with delivery_on(server, outcomes, hop) as delivery:
        received = await read(own, delivery, NAMES[: len(outcomes)])
        running = asyncio.create_task(run_until_settled(delivery, None, received))
        seen = False
        while not running.done():
            seen = seen or bool(delivery.held[None])
            await asyncio.sleep(0.01)
        await running
    assert seen is held


async def test_between_tries_it_is_as_idle_as_it_is_and_while_it_is_tried_not_at_all(
    own: Streams, server: RedisServer
) -> None:
    async with delivery_on(server) as delivery:
        received = await read(own, delivery, NAMES[:2])

        async def idle(*, trying: bool, seconds: float) -> list[int]:
            kept = await keep(
                own.redis, ENRICH, None, delivery.consumer, received, trying=trying, idle=seconds
            )
            assert kept == received
            return [entry["time_since_delivered"] for entry in await own.pending()]

        assert all(40_000 <= one < 41_000 for one in await idle(trying=False, seconds=40))
        assert {entry["times_delivered"] for entry in await own.pending()} == {0}
        assert all(one < 1_000 for one in await idle(trying=True, seconds=0))
        assert {entry["times_delivered"] for entry in await own.pending()} == {1}
        await own.redis.xdel(RAW, received[0].entry_id)
        assert (
            await keep(own.redis, ENRICH, None, delivery.consumer, received, trying=True, idle=0)
            == received[1:]
        )


async def test_what_a_reader_holds_is_not_taken_over_beside_it(own: Streams, server: RedisServer) -> None:
    async with delivery_on(server) as delivery:
        await read(own, delivery, NAMES[:1])
        await asyncio.sleep(MIN_IDLE * 2)
        delivery.held[None] = 1
        assert await reclaim(delivery) == 0
        delivery.held[None] = 0
        assert await reclaim(delivery) == 1

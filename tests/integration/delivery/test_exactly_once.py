"""Nothing lost, nothing twice: workers are killed, stopped, multiplied and sent home under load."""

from __future__ import annotations

import asyncio
import random
import signal
from collections import Counter
from collections.abc import Iterable

from streams import Streams
from worker_process import MIN_IDLE, Start, Worker, eventually

KILLS = 5


def ids(number: int, start: int = 0) -> list[str]:
    return [f"article-{n}" for n in range(start, start + number)]


def copies(names: Iterable[str]) -> dict[str, str]:
    return dict.fromkeys(names, "copy")


async def assert_each_once(streams: Streams, names: list[str]) -> None:
    """All are settled, each came out once, none is dead."""
    await eventually(streams.settled, bool, "end of the backlog")
    assert await streams.output() == Counter(names)
    assert await streams.dead() == {}


async def held_by(streams: Streams, worker: Worker) -> int:
    """How many entries a worker has in hand; its consumer's name holds its process id."""
    consumers = await streams.consumers()
    return sum(held for name, held in consumers.items() if f"-{worker.process.pid}-" in name)


async def at_work(streams: Streams, worker: Worker) -> None:
    """Wait until the worker is in the middle of a batch."""
    await eventually(lambda: held_by(streams, worker), bool, "batch in work")


async def test_a_new_group_sees_what_was_published_before_it(streams: Streams, start: Start) -> None:
    await streams.put(copies(ids(30)))
    start()
    await assert_each_once(streams, ids(30))


async def test_killed_in_the_middle_of_a_batch_again_and_again(streams: Streams, start: Start) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    names = ids(KILLS * 80)
    workers = [start(batch_delay=0.05, batch_size=10) for _ in range(2)]
    await asyncio.gather(*(worker.ready() for worker in workers))
    for kill in range(KILLS):
        victim = workers.pop(chance.randrange(2))
        await victim.ready()
        await streams.put(copies(names[80 * kill : 80 * kill + 80]))
        await at_work(streams, victim)
        await asyncio.sleep(chance.random() * 0.05)
        victim.kill()
        workers.append(start(batch_delay=0.05, batch_size=10))
    await assert_each_once(streams, names)


async def test_a_worker_that_wakes_after_its_batch_was_given_away(streams: Streams, start: Start) -> None:
    names = ids(60)
    sleeper = start(batch_work=MIN_IDLE / 2)
    await sleeper.ready()
    await streams.put(copies(names))
    await at_work(streams, sleeper)
    sleeper.signal(signal.SIGSTOP)
    held = await held_by(streams, sleeper)
    assert held, "the worker was stopped in the middle of a batch"
    start()
    await eventually(streams.settled, bool, "end of the backlog, by the other worker")
    sleeper.signal(signal.SIGCONT)
    superseded = 'warta_messages_total{hop="enrich",outcome="superseded",reason=""}'
    await eventually(lambda: sleeper.metric(superseded), bool, "the late commit")
    await assert_each_once(streams, names)


async def test_workers_come_and_go(streams: Streams, start: Start) -> None:
    """1 -> 4 -> 0 -> 1."""
    names = ids(300)

    async def put(part: int) -> None:
        await streams.put(copies(names[part * 75 : part * 75 + 75]))

    def stop_all(workers: list[Worker]) -> None:
        for worker in workers:
            worker.signal(signal.SIGTERM)
        assert [worker.stop() for worker in workers] == [0] * len(workers)

    workers = [start(batch_delay=0.02, batch_size=5)]
    await put(0)
    await workers[0].ready()
    workers += [start(batch_delay=0.02, batch_size=5) for _ in range(3)]
    await put(1)
    await asyncio.gather(*(worker.ready() for worker in workers))
    await put(2)
    stop_all(workers)
    await put(3)
    start()
    await assert_each_once(streams, names)

"""What delivery decides without a server: the brake, who runs beside whom, what is due, and when health speaks."""

from __future__ import annotations

import asyncio
import time

import pytest

from warta_shared.delivery.dead_letter_cap import DeadLetterCap
from warta_shared.delivery.isolation import Isolation
from warta_shared.delivery.pause import Pause
from warta_shared.delivery.reclaim import Pending, due, is_suspect
from warta_shared.telemetry.health import Health


def test_the_cap_counts_a_sliding_minute() -> None:
    cap = DeadLetterCap(10)
    assert cap.allows(6, now=0.0)
    assert cap.allows(4, now=30.0)
    assert cap.allows(6, now=60.0)  # the first six are a minute old
    assert not cap.tripped


def test_one_more_than_the_cap_trips_it() -> None:
    cap = DeadLetterCap(10)
    assert cap.allows(10, now=0.0)
    assert not cap.allows(1, now=59.9)
    assert cap.tripped


def test_a_batch_beyond_the_cap_writes_nothing() -> None:
    assert not DeadLetterCap(10).allows(11, now=0.0)


def test_a_tripped_cap_stays_so() -> None:
    cap = DeadLetterCap(1)
    assert not cap.allows(2, now=0.0)
    assert not cap.allows(1, now=1_000_000.0)


@pytest.mark.parametrize(
    ("deliveries", "times_min_idle"), [(0, 1), (1, 1), (2, 2), (3, 4), (4, 8), (5, 8), (100, 8)]
)
def test_an_entry_is_due_after_a_doubling_wait(deliveries: int, times_min_idle: int) -> None:
    wait = 30_000 * times_min_idle
    assert not due(Pending(b"1-0", wait - 1, deliveries), 30.0)
    assert due(Pending(b"1-0", wait, deliveries), 30.0)


@pytest.mark.parametrize(("deliveries", "suspect"), [(1, False), (2, True), (3, True)])
def test_who_failed_twice_is_a_suspect(deliveries: int, suspect: bool) -> None:
    assert is_suspect(Pending(b"1-0", 0, deliveries)) is suspect


class Diary:
    """Who is inside an isolation, and in which order they came and went."""

    def __init__(self) -> None:
        self.isolation = Isolation()
        self.inside: set[str] = set()
        self.lines: list[str] = []

    async def shared(self, name: str, leave: asyncio.Event) -> None:
        async with self.isolation.shared():
            await self._stay(name, leave)

    async def alone(self, name: str, leave: asyncio.Event) -> None:
        async with self.isolation.alone():
            await self._stay(name, leave)

    async def _stay(self, name: str, leave: asyncio.Event) -> None:
        self.inside.add(name)
        self.lines.append(f"{name} in")
        try:
            await leave.wait()
        finally:
            self.inside.remove(name)
            self.lines.append(f"{name} out")


async def settle() -> None:
    """Let every task come as far as it can."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_batches_run_side_by_side() -> None:
    diary, leave = Diary(), asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        for name in "ab":
            tasks.create_task(diary.shared(name, leave))
        await settle()
        assert diary.inside == {"a", "b"}
        leave.set()


async def test_a_suspect_waits_for_quiet_and_keeps_others_out() -> None:
    diary, first, second, third = Diary(), asyncio.Event(), asyncio.Event(), asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(diary.shared("batch", first))
        await settle()
        tasks.create_task(diary.alone("suspect", second))
        await settle()
        tasks.create_task(diary.shared("later", third))
        await settle()
        assert diary.inside == {"batch"}  # the later batch does not overtake: suspects do not starve
        first.set()
        await settle()
        assert diary.inside == {"suspect"}
        second.set()
        await settle()
        assert diary.inside == {"later"}
        third.set()
    assert diary.lines == ["batch in", "batch out", "suspect in", "suspect out", "later in", "later out"]


async def test_one_suspect_at_a_time() -> None:
    diary, leave = Diary(), asyncio.Event()
    leave.set()
    async with asyncio.TaskGroup() as tasks:
        for name in "ab":
            tasks.create_task(diary.alone(name, leave))
    assert diary.lines == ["a in", "a out", "b in", "b out"]


@pytest.mark.parametrize("kind", ["shared", "alone"])
async def test_who_is_cancelled_inside_lets_the_next_in(kind: str) -> None:
    diary, leave = Diary(), asyncio.Event()
    task = asyncio.create_task(getattr(diary, kind)("cancelled", leave))
    await settle()
    assert diary.inside == {"cancelled"}
    task.cancel()
    await asyncio.wait([task])
    leave.set()
    await asyncio.wait_for(diary.alone("next", leave), 1)


async def test_who_is_cancelled_while_it_waits_lets_the_next_in() -> None:
    diary, leave, at_once = Diary(), asyncio.Event(), asyncio.Event()
    at_once.set()
    batch = asyncio.create_task(diary.shared("batch", leave))
    await settle()
    suspect = asyncio.create_task(diary.alone("suspect", leave))
    await settle()
    suspect.cancel()
    await asyncio.wait([suspect])
    await asyncio.wait_for(diary.shared("next", at_once), 1)
    leave.set()
    await batch
    assert "suspect in" not in diary.lines


async def test_a_pause_ends_for_all_when_the_server_answers_one() -> None:
    pause = Pause(asyncio.Event())
    for _ in range(6):
        pause._next = 60.0
        waiting = asyncio.create_task(pause.wait("server-away"))
        await asyncio.sleep(0)
        pause.reset()
        async with asyncio.timeout(1):
            await waiting
    assert pause.reason == ""


async def test_a_pause_ends_when_the_worker_stops() -> None:
    stopping = asyncio.Event()
    pause = Pause(stopping)
    stopping.set()
    started = time.monotonic()
    await pause.wait("server-away")
    assert pause.reason == "server-away"
    assert 0.15 < time.monotonic() - started < 2
    pause.reset()
    assert pause.reason == ""


async def test_health_names_a_loop_that_stands() -> None:
    health = Health()
    health.expect("moves", 60)
    health.expect("stands", 0.01)
    assert await health.problems() == {}
    await asyncio.sleep(0.03)
    assert health.standing() == {"stands": "no progress for 0 s"}
    assert set(await health.problems()) == {"stands"}
    health.beat("stands")
    assert health.standing() == {}


async def test_a_loop_that_fails_lives_but_is_not_ready() -> None:
    health = Health()
    health.expect("trim", 60)
    health.beat("trim", "TimeoutError: x")
    assert health.standing() == {}
    assert await health.problems() == {"trim": "TimeoutError: x"}
    health.beat("trim")
    assert await health.problems() == {}


async def test_health_asks_its_conditions() -> None:
    async def fine() -> str:
        return ""

    async def hindered() -> str:
        return "backlog"

    async def broken() -> str:
        raise ConnectionError("refused")

    async def hanging() -> str:
        await asyncio.sleep(60)
        return ""

    health = Health()
    for name, condition in {"a": fine, "b": hindered, "c": broken, "d": hanging}.items():
        health.add_condition(name, condition)
    health.fatal = "the consumer group was gone"
    assert await asyncio.wait_for(health.problems(), 10) == {
        "process": "the consumer group was gone",
        "b": "backlog",
        "c": "ConnectionError: refused",
        "d": "TimeoutError: ",
    }

"""One request at a time to a host, in the order of asking, with a gap."""

from __future__ import annotations

import asyncio
import itertools
import time

import pytest

from warta_ingest.politeness.host_gate import HOSTS_REMEMBERED, HostBusy, HostGate

A, B = "https://a.example/1", "https://b.example/1"


async def test_turns_come_in_the_order_of_asking_with_a_gap_between() -> None:
    gate, order, times = HostGate(0.05), [], []

    async def visit(number: int) -> None:
        async with gate.turn(A, 5):
            order.append(number)
            times.append(time.monotonic())
            await asyncio.sleep(0.01)

    await asyncio.gather(*(visit(number) for number in range(4)))
    assert order == [0, 1, 2, 3]
    # From the end of one to the start of the next.
    assert all(later - earlier >= 0.06 - 0.002 for earlier, later in itertools.pairwise(times))


async def test_other_hosts_do_not_wait() -> None:
    gate = HostGate(10.0)
    async with gate.turn(A, 1), gate.turn(B, 1), gate.turn("https://c.example:8443/", 1):
        pass


async def test_a_host_is_one_whatever_its_port_and_scheme() -> None:
    gate = HostGate(0.0)
    async with gate.turn("https://a.example/1", 1):
        with pytest.raises(HostBusy):
            async with gate.turn("http://A.example:8080/2", 0.02):
                pass


async def test_patience_ends_while_waiting_for_the_turn_or_the_gap_and_harms_nobody() -> None:
    gate = HostGate(0.2)
    async with gate.turn(A, 1):
        with pytest.raises(HostBusy):
            async with gate.turn(A, 0.02):
                pass
    with pytest.raises(HostBusy):
        async with gate.turn(A, 0.05):
            pass
    async with gate.turn(A, 1):
        pass


async def test_a_turn_that_fails_or_is_cancelled_is_given_on() -> None:
    gate = HostGate(0.0)
    with pytest.raises(ZeroDivisionError):
        async with gate.turn(A, 1):
            raise ZeroDivisionError

    async def hold() -> None:
        async with gate.turn(A, 1):
            await asyncio.sleep(60)

    for after in (0.0, 0.01):
        task = asyncio.create_task(hold())
        await asyncio.sleep(after)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    async with gate.turn(A, 0.05):
        pass


async def test_a_time_out_inside_the_turn_is_not_taken_for_a_busy_host() -> None:
    gate = HostGate(0.0)
    with pytest.raises(TimeoutError):
        async with gate.turn(A, 1), asyncio.timeout(0.01):
            await asyncio.sleep(1)


async def test_only_so_many_hosts_are_remembered_and_none_that_is_in_use() -> None:
    gate = HostGate(0.0)
    async with gate.turn(A, 1):
        for number in range(HOSTS_REMEMBERED + 50):
            async with gate.turn(f"https://{number}.example/", 1):
                pass
        assert len(gate) == HOSTS_REMEMBERED
        with pytest.raises(HostBusy):
            async with gate.turn(A, 0.01):
                pass

"""Messages that cannot succeed end in the dead letters, alone, and their neighbours arrive."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

from streams import Streams
from worker_process import MIN_IDLE, Start, eventually

from warta_shared.delivery.dead_letters import dead_letters, find, replay
from warta_shared.events import Entry

NEIGHBOURS = [f"neighbour{n}" for n in range(20)]


async def settled_with(streams: Streams, start: Start, bodies: dict[str, str], **settings: object) -> None:
    await streams.put(
        dict.fromkeys(NEIGHBOURS[:10], "copy") | bodies | dict.fromkeys(NEIGHBOURS[10:], "copy")
    )
    worker = start(**settings)

    async def look() -> bool:
        if worker.exit_code is not None:
            return True
        return await streams.settled()

    await eventually(look, bool, "end of the backlog")


async def test_a_message_that_fails_every_time(streams: Streams, start: Start) -> None:
    await settled_with(streams, start, {"poison": "raise"})
    assert set((await streams.output()).elements()) == set(NEIGHBOURS)
    letters = await streams.dead()
    assert set(letters) == {"poison"}
    letter = letters["poison"]
    assert (letter.reason, letter.deliveries) == ("handler-failed", 4)
    assert letter.detail == "RuntimeError: told to fail"
    assert letter.original["body"] == b"raise"


async def test_a_message_that_kills_its_worker(streams: Streams, start: Start) -> None:
    await streams.put({"killer": "kill", **dict.fromkeys(NEIGHBOURS, "copy")})
    deaths = 0

    async def supervised() -> bool:
        nonlocal worker, deaths
        if worker.exit_code is not None:
            assert worker.exit_code == -signal.SIGKILL
            deaths += 1
            worker = start()
        return await streams.settled()

    worker = start()
    await eventually(supervised, bool, "end of the backlog", 40)
    letters = await streams.dead()
    assert {name: letter.reason for name, letter in letters.items()} == {"killer": "no-outcome"}
    assert await streams.output() == dict.fromkeys(NEIGHBOURS, 1)
    assert deaths == 4


async def test_what_is_no_entry_and_what_is_of_an_unknown_version(streams: Streams, start: Start) -> None:
    partition = streams.partition("x")
    await streams.put_fields(partition, (b"foo", b"\xff\xfe"))
    await streams.put_fields(partition, Entry("future", b"copy", v=b"99").fields())
    await settled_with(streams, start, {})
    reasons = sorted(letter.reason for letter in (await streams.dead()).values())
    assert reasons == ["not-an-entry", "unknown-schema-version"]
    assert await streams.output() == dict.fromkeys(NEIGHBOURS, 1)


async def test_an_answer_that_is_no_outcome_is_a_failure(streams: Streams, start: Start) -> None:
    await settled_with(streams, start, {"odd": "nonsense"})
    assert {name: letter.reason for name, letter in (await streams.dead()).items()} == {
        "odd": "handler-failed"
    }


async def test_a_server_that_is_away_is_never_the_message_s_fault(
    streams: Streams, start: Start, tmp_path: Path
) -> None:
    away = tmp_path / "away"
    away.touch()
    await streams.put({"waiting": f"away {away}"})
    worker = start(max_deliveries=2)
    await worker.ready()
    await eventually(streams.pending, bool, "a first try")
    await asyncio.sleep(MIN_IDLE * 8)
    assert await streams.dead() == {}
    away.unlink()
    await eventually(streams.settled, bool, "end of the backlog", 30)
    assert await streams.output() == {"waiting": 1}


async def test_too_many_dead_letters_stop_the_hop_and_lose_nothing(streams: Streams, start: Start) -> None:
    await streams.put({f"bad{n}": "dead" for n in range(30)})
    worker = start(max_dead_letters_per_minute=10, batch_size=5)
    await eventually(
        worker.problems, lambda problems: bool(problems) and "dead-letter-cap" in str(problems), "the brake"
    )
    written = len(await streams.dead())
    assert written <= 10
    assert (await streams.backlog()).total == 30 - written
    assert worker.stop() == 0


async def test_a_dead_letter_is_put_back_once(streams: Streams, start: Start) -> None:
    await settled_with(streams, start, {"poison": "dead"})
    (filed,) = [filed async for filed in dead_letters(streams.redis, streams.count)]
    assert await find(streams.redis, filed.id) == filed
    assert await replay(streams.redis, filed) is True
    assert await replay(streams.redis, filed) is False

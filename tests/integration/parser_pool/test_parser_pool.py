"""Real processes: what hangs, dies or eats memory is ended, and the next job is done."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from warta_ingest.feeds.parsing import NotAFeed, parse_feed
from warta_ingest.parser_pool import ParserKilled, ParserPool


def hang() -> None:
    while True:
        time.sleep(0.01)


def die() -> None:
    os._exit(3)


def eat() -> int:
    return len(bytearray(4_000_000_000))


def is_alive(process: int) -> bool:
    return Path(f"/proc/{process}").exists()


def pid() -> int:
    return os.getpid()


@pytest.fixture
async def pool() -> AsyncIterator[ParserPool]:
    async with ParserPool(1, seconds=1.5) as opened:
        yield opened


@pytest.mark.parametrize(
    ("job", "reason"),
    [
        (hang, "parser-timeout"),
        (die, "parser-crashed"),
        pytest.param(
            eat,
            "parser-memory",
            marks=pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux enforces RLIMIT_AS"),
        ),
    ],
)
async def test_a_job_that_misbehaves_is_ended_and_the_next_is_done(
    pool: ParserPool, job: object, reason: str
) -> None:
    with pytest.raises(ParserKilled) as killed:
        await pool.run(job)  # type: ignore[arg-type]
    assert killed.value.reason == reason
    assert await pool.run(pid) != os.getpid()


async def test_a_parser_s_own_error_comes_through(pool: ParserPool) -> None:
    with pytest.raises(NotAFeed) as refused:
        await pool.run(parse_feed, b"no feed", "https://a.example/", None)
    assert refused.value.reason == "not-a-feed"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
async def test_no_process_outlives_the_pool() -> None:
    async with ParserPool(1) as pool:
        worker = await pool.run(pid)
        assert is_alive(worker)
    assert not is_alive(worker)

"""Request bodies: limits to the byte, gzip and its bombs, slow ones, and what they hold."""

from __future__ import annotations

import asyncio
import gzip
import time
import zlib
from collections.abc import AsyncIterator

import orjson
import pytest

from warta_ingest.push.body import items, read_body, unpacked
from warta_ingest.push.budget import Budget
from warta_ingest.push.problem import Problem

CAP = 1_000
NDJSON = "application/x-ndjson"


async def chunks(*parts: bytes, pause: float = 0.0) -> AsyncIterator[bytes]:
    for part in parts:
        await asyncio.sleep(pause)
        yield part


async def read(
    *parts: bytes, encoding: str = "", cap: int = CAP, deadline: float = 5, budget: int = 100_000
) -> bytes:
    with Budget(budget).share() as share:
        return await read_body(chunks(*parts), encoding, cap, deadline, share)


async def refused(*parts: bytes, encoding: str = "", cap: int = CAP, budget: int = 100_000) -> Problem:
    with pytest.raises(Problem) as problem:
        await read(*parts, encoding=encoding, cap=cap, budget=budget)
    return problem.value


async def test_a_body_of_exactly_the_cap_is_taken_one_byte_more_is_not() -> None:
    assert await read(b"x" * 600, b"x" * 400) == b"x" * CAP
    assert (await refused(b"x" * 600, b"x" * 401)).status == 413


async def test_the_cap_holds_for_what_gzip_unpacks_to() -> None:
    assert await read(gzip.compress(b"x" * CAP), encoding="gzip") == b"x" * CAP
    assert (await refused(gzip.compress(b"x" * (CAP + 1)), encoding="gzip")).status == 413


def test_a_bomb_is_not_unpacked_beyond_the_cap() -> None:
    bomb = zlib.compressobj(wbits=31)
    packed = b"".join(bomb.compress(bytes(1_000_000)) for _ in range(100)) + bomb.flush()
    assert len(packed) < 120_000
    started = time.monotonic()
    with pytest.raises(Problem) as problem:
        unpacked(packed, 1_000_000)
    assert problem.value.status == 413
    assert time.monotonic() - started < 0.5


@pytest.mark.parametrize(
    "packed",
    [
        b"no gzip",
        gzip.compress(b"{}")[:-1],
        gzip.compress(b"{}") + b"more",
        gzip.compress(b"{}") * 2,
        gzip.compress(b"{}")[:-8] + bytes(8),
        b"",
    ],
    ids=["nothing like it", "cut off", "something behind", "two members", "wrong checksum", "empty"],
)
async def test_broken_gzip_is_malformed(packed: bytes) -> None:
    assert (await refused(packed, encoding="gzip")).status == 400


async def test_other_encodings_are_not_supported() -> None:
    problem = await refused(b"{}", encoding="br")
    assert problem.status == 415
    assert "gzip" in problem.detail


async def test_a_body_that_drips_is_too_slow() -> None:
    with pytest.raises(Problem) as problem, Budget(CAP).share() as share:
        await read_body(chunks(*[b"x"] * 100, pause=0.02), "", CAP, 0.1, share)
    assert problem.value.status == 408


async def test_all_requests_together_have_a_budget() -> None:
    budget = Budget(1_500)
    with budget.share() as first, budget.share() as second:
        await read_body(chunks(b"x" * 1_000), "", CAP, 5, first)
        with pytest.raises(Problem) as problem:
            await read_body(chunks(b"x" * 501), "", CAP, 5, second)
        await read_body(chunks(b"x" * 500), "", CAP, 5, second)
    assert (problem.value.status, problem.value.retry_after) == (503, 1.0)
    assert budget.left == 1_500


async def test_what_gzip_unpacks_to_counts_in_the_budget() -> None:
    assert (await refused(gzip.compress(b"x" * 900), encoding="gzip", budget=900)).status == 503


def test_json_holds_one_article_or_a_list() -> None:
    assert items(b'{"a": 1}', "application/json; charset=utf-8", 10) == [{"a": 1}]
    assert items(b'[{"a": 1}, 5]', "Application/JSON", 10) == [{"a": 1}, 5]


def test_ndjson_holds_one_a_line_and_a_bad_line_spoils_no_other() -> None:
    first, second, third = items(b'{"a": 1}\n\n{"a"\r\n[]', NDJSON, 10)
    assert (first, third) == ({"a": 1}, [])
    assert isinstance(second, ValueError)


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"\xff", "application/json", 400),
        (b"[" * 5_000, "application/json", 400),
        (b"[]", "application/json", 400),
        (b"", "application/json", 400),
        (b"\n \n", NDJSON, 400),
        (b"{}", "text/plain", 415),
        (b"{}", "", 415),
        (b"{}", "application/jsonp", 415),
    ],
)
def test_what_holds_no_articles_is_refused(body: bytes, content_type: str, status: int) -> None:
    with pytest.raises(Problem) as problem:
        items(body, content_type, 10)
    assert problem.value.status == status


@pytest.mark.parametrize("number", [10, 11])
def test_so_many_articles_and_no_more(number: int) -> None:
    for body, content_type in ((orjson.dumps([{}] * number), "application/json"), (b"{}\n" * number, NDJSON)):
        if number == 10:
            assert len(items(body, content_type, 10)) == 10
        else:
            with pytest.raises(Problem) as problem:
                items(body, content_type, 10)
            assert problem.value.status == 413


def test_millions_of_empty_lines_are_refused_at_once() -> None:
    started = time.monotonic()
    with pytest.raises(Problem) as problem:
        items(b"\n" * 16_000_000, NDJSON, 1_000)
    assert problem.value.status == 413
    assert time.monotonic() - started < 0.3

"""POST /v1/stream under uvicorn and a real Redis: results while lines come, and an end that says it is one."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import orjson
import pytest

from pushing import KEY, NDJSON, Pushing, article, problem, pushing_to

STREAM = "/v1/stream"


def lines(articles: Iterable[dict[str, Any]]) -> bytes:
    return b"".join(orjson.dumps(one) + b"\n" for one in articles)


def read(answer: httpx.Response) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The results, and how it ended."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    *results, end = map(orjson.loads, answer.content.splitlines())
    assert end.pop("end") is True
    assert (
        [result["index"] for result in results] == list(range(len(results))) == list(range(end["articles"]))
    )
    return results, end


async def test_each_line_has_its_result_and_the_end_counts_them(pushing: Pushing) -> None:
    body = lines([article(1), article(2)]) + b"no json\n\n" + lines([article(3, source=None)])
    results, end = read(await pushing.client.post(STREAM, content=body, headers=NDJSON))
    assert [one["status"] for one in results] == ["published", "published", "invalid", "invalid"]
    assert results[2]["errors"][0].startswith("not JSON")
    assert end == {"articles": 4, "counts": {"published": 2, "invalid": 2}}
    assert len(await pushing.published()) == 2


async def test_the_last_line_needs_no_end_of_line_and_gzip_is_unpacked(pushing: Pushing) -> None:
    body = gzip.compress(lines(article(n) for n in range(1_500)).rstrip(b"\n"))
    results, end = read(
        await pushing.client.post(STREAM, content=body, headers=NDJSON | {"content-encoding": "gzip"})
    )
    assert len(results) == 1_500
    assert end == {"articles": 1_500, "counts": {"published": 1_500}}


@asynccontextmanager
async def open_stream(pushing: Pushing) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A request whose body goes on, after the answer's head."""
    reader, writer = await asyncio.open_connection(pushing.client.base_url.host, pushing.client.base_url.port)
    head = (
        f"POST {STREAM} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {KEY}\r\nTransfer-Encoding: chunked\r\n"
    )
    writer.write(head.encode() + b"Content-Type: application/x-ndjson\r\n\r\n")
    await reader.readuntil(b"\r\n\r\n")
    yield reader, writer
    writer.close()


def chunk(content: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(content), content)


async def test_results_come_back_while_the_request_goes_on(pushing: Pushing) -> None:
    async with open_stream(pushing) as (reader, writer):
        for number in range(3):
            writer.write(chunk(lines([article(number)])))
            size = int(await reader.readline(), 16)
            assert orjson.loads((await reader.readexactly(size + 2))[:size])["index"] == number
        writer.write(chunk(b""))
        assert b'"end":true' in await asyncio.wait_for(reader.read(), 5)


async def test_who_sends_all_before_reading_anything_gets_all_results(redis_url: str) -> None:
    """More results than the kernel takes for a client that does not read."""
    many = 60_000
    async with pushing_to(redis_url, push_articles_per_minute=10**6) as pushing:
        body = b'"no article"\n' * many
        results, end = read(await pushing.client.post(STREAM, content=body, headers=NDJSON, timeout=60))
    assert len(results) == many
    assert end["counts"] == {"invalid": many}


async def test_a_stream_waits_for_its_keys_allowance(redis_url: str) -> None:
    async with pushing_to(redis_url, push_articles_per_minute=600) as pushing:
        began = asyncio.get_running_loop().time()
        body = lines(article(n) for n in range(620))
        _, end = read(await pushing.client.post(STREAM, content=body, headers=NDJSON, timeout=60))
        assert asyncio.get_running_loop().time() - began > 1.5
    assert end["counts"] == {"published": 620}


async def test_lines_that_drip_end_with_408_and_what_was_whole_is_kept(redis_url: str) -> None:
    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(chunk(lines([article(1)])))
        with contextlib.suppress(ConnectionError):
            while True:
                writer.write(chunk(b" "))
                await writer.drain()
                await asyncio.sleep(0.05)

    async with pushing_to(redis_url, push_deadline=0.5) as pushing, open_stream(pushing) as (reader, writer):
        dripping = asyncio.create_task(drip(writer))
        # Not to the end: who never stops sending is cut off, and that may be a reset.
        await asyncio.wait_for(reader.readuntil(b'"status":408'), 10)
        assert len(await pushing.published()) == 1
        dripping.cancel()


@pytest.mark.parametrize(
    ("body", "encoding", "status"),
    [
        (b"x" * 200_001, "", 413),
        (b"x" * 60_000_000, "", 413),
        (gzip.compress(b"\n" * 50_000_000), "gzip", 413),
        (gzip.compress(lines([article(1)]))[:-4], "gzip", 400),
        (b"\x1f\x8bnot gzip", "gzip", 400),
        (b"{}\n", "br", 415),
    ],
    ids=["a-long-line", "much-more-after-it", "blank-bomb", "cut-gzip", "no-gzip", "brotli"],
)
async def test_what_cannot_go_on_ends_with_its_problem(
    redis_url: str, body: bytes, encoding: str, status: int
) -> None:
    async with pushing_to(redis_url, push_bytes_max=200_000) as pushing:
        headers = NDJSON | ({"content-encoding": encoding} if encoding else {})
        _, end = read(await pushing.client.post(STREAM, content=body, headers=headers))
        assert end["problem"]["status"] == status
        assert end["problem"]["detail"]
        _, end = read(await pushing.client.post(STREAM, content=lines([article(2)]), headers=NDJSON))
        assert end["counts"] == {"published": 1}


async def test_when_redis_is_full_the_stream_ends_with_503(redis_url: str) -> None:
    async with pushing_to(redis_url) as pushing:
        await pushing.redis.config_set("maxmemory", 1)
        answer = await pushing.client.post(STREAM, content=lines([article(1)]), headers=NDJSON)
        await pushing.redis.config_set("maxmemory", 0)
        problem(answer, 503)
        _, end = read(await pushing.client.post(STREAM, content=lines([article(1)]), headers=NDJSON))
        assert end["counts"] == {"published": 1}


async def test_before_the_first_line_errors_are_as_everywhere(pushing: Pushing) -> None:
    problem(
        await pushing.client.post(STREAM, content=b"[]", headers={"content-type": "application/json"}), 415
    )
    problem(await pushing.client.post(STREAM, headers=NDJSON | {"authorization": "Bearer no"}), 401)
    problem(await pushing.client.put(STREAM), 405)

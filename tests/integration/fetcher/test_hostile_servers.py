"""Each hostile server ends in one named failure, in time, and the fetcher goes on."""

from __future__ import annotations

import asyncio
import gzip
import socket
import struct
import time
import zlib

import pytest
from loopback_server import Answer, Request, Serve, raw, redirect, reply

from warta_ingest.fetcher import Fetcher, FetchError

CAP = 100_000
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


async def reason_of(fetcher: Fetcher, url: str) -> str:
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch(url, byte_cap=CAP, accept="*/*")
    return caught.value.reason


def bomb(megabytes: int) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    parts = [packer.compress(bytes(1_000_000)) for _ in range(megabytes)]
    return b"".join([*parts, packer.flush()])


def endless(head: bytes, part: bytes, pause: float = 0.0) -> Answer:
    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause)

    return answer


async def reset_midway(request: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD + b"Content-Length: 5000\r\n\r\nstart")
    await writer.drain()
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


HOSTILE: dict[str, tuple[Answer, str]] = {
    "slow drip of the body": (endless(HEAD + b"\r\n", b"x", 0.05), "timeout"),
    "slow drip of the headers": (endless(HEAD, b"X-A: b\r\n", 0.05), "timeout"),
    "silence": (endless(b"", b"", 0.05), "timeout"),
    "endless body": (endless(HEAD + b"\r\n", b"x" * 50_000), "too-large"),
    "endless chunks": (
        endless(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1000\r\n" + b"x" * 4096 + b"\r\n"), "too-large"),
    "announced too large": (raw(HEAD + b"Content-Length: 100001\r\n\r\n"), "too-large"),
    "gzip bomb": (reply(bomb(50), "Content-Encoding: gzip"), "too-large"),
    "gzip of nothing, for ever": (
        endless(HEAD + b"Content-Encoding: gzip\r\n\r\n", gzip.compress(b"") * 500), "too-large"),
    "gzip that ends early": (reply(gzip.compress(bytes(5_000))[:-9], "Content-Encoding: gzip"), "bad-encoding"),
    "damaged gzip": (reply(gzip.compress(bytes(50))[:15] + b"\xff" * 90, "Content-Encoding: gzip"), "bad-encoding"),
    "brotli": (reply(b"x", "Content-Encoding: br"), "unsupported-encoding"),
    "zstd": (reply(b"x", "Content-Encoding: zstd"), "unsupported-encoding"),
    "gzip twice": (reply(b"x", "Content-Encoding: gzip, gzip"), "unsupported-encoding"),
    "a film": (reply(b"x", "Content-Type: video/mp4"), "unsupported-type"),
    "flood of headers": (endless(b"HTTP/1.1 200 OK\r\n", b"X-Flood: " + b"y" * 4_000 + b"\r\n"), "bad-response"),
    "one endless header": (endless(b"HTTP/1.1 200 OK\r\nX-Flood: ", b"y" * 4_000), "bad-response"),
    "endless 1xx": (endless(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", 0.001), "timeout"),
    "no HTTP at all": (raw(b"SSH-2.0-OpenSSH_9.7\r\n\r\n"), "bad-response"),
    "closed without a word": (raw(b""), "connection-lost"),
    "shorter than announced": (raw(HEAD + b"Content-Length: 5000\r\n\r\nstart"), "connection-lost"),
    "reset midway": (reset_midway, "connection-lost"),
    "two lengths": (raw(HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxy"), "bad-response"),
    "redirect to itself": (redirect("/"), "redirect-loop"),
    "redirect without a target": (reply(b"", status="302 Found"), "bad-url"),
    "redirect to a file": (redirect("file:///etc/passwd"), "bad-url"),
    "redirect with a password": (redirect("http://user:pw@127.0.0.1/"), "bad-url"),
    "redirect to gopher": (redirect("gopher://127.0.0.1:6379/_FLUSHALL"), "bad-url"),
    "redirect to a private address": (redirect("http://10.0.0.1/"), "private-address"),
    "redirect to link-local": (redirect("http://169.254.169.254/latest/meta-data/"), "private-address"),
    "redirect to loopback by IPv6": (redirect("http://[::1]:9200/"), "private-address"),
    "redirect to loopback by NAT64": (redirect("http://[64:ff9b::7f00:2]/"), "private-address"),
    "redirect to loopback by 6to4": (redirect("http://[2002:7f00:2::]/"), "private-address"),
    "redirect to a mapped address": (redirect("http://[::ffff:127.0.0.2]/"), "private-address"),
    "redirect to an integer": (redirect("http://2130706434/"), "private-address"),
    "redirect to octal": (redirect("http://0177.0.0.2/"), "bad-url"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_server_ends_in_a_named_failure(serve: Serve, fetcher: Fetcher, name: str) -> None:
    answer, reason = HOSTILE[name]
    server, friend = await serve(answer), await serve(reply(b"fine"))
    started = time.monotonic()
    assert await reason_of(fetcher, f"{server.url}/") == reason
    assert time.monotonic() - started < 5
    assert (await fetcher.fetch(friend.url, byte_cap=CAP, accept="*/*")).body == b"fine"


async def test_too_many_redirects(serve: Serve, fetcher: Fetcher) -> None:
    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        await redirect(f"/{int(request.path[1:]) + 1}")(request, writer)

    server = await serve(answer)
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch(f"{server.url}/0", byte_cap=CAP, accept="*/*")
    assert caught.value.reason == "too-many-redirects"
    assert len(caught.value.hops) == 5
    assert len(server.requests) == 6


async def test_a_body_of_exactly_the_cap_is_kept(serve: Serve, fetcher: Fetcher) -> None:
    for body in (b"x" * CAP, gzip.compress(b"x" * CAP)):
        server = await serve(reply(body))
        assert len((await fetcher.fetch(server.url, byte_cap=CAP, accept="*/*")).body) == CAP


async def test_the_rest_of_a_redirects_endless_body_is_not_read(serve: Serve, fetcher: Fetcher) -> None:
    friend = await serve(reply(b"fine"))
    head = f"HTTP/1.1 302 Found\r\nLocation: {friend.url}/\r\n\r\n".encode()
    server = await serve(endless(head, b"x" * 50_000))
    assert (await fetcher.fetch(server.url, byte_cap=CAP, accept="*/*")).body == b"fine"


@pytest.mark.parametrize(
    ("url", "reason"),
    [("ftp://127.0.0.1/", "bad-url"), ("http://u:p@127.0.0.1/", "bad-url"), ("http:///x", "bad-url"),
     ("not a url", "bad-url"), ("http://127.0.0.1:99999/", "bad-url"), ("http://127.0.0.1\\@x/", "bad-url"),
     ("http://127.0.0.1/\r\nX: y", "bad-url"), ("http://" + "a" * 3_000, "bad-url"), ("http://[::1", "bad-url"),
     ("http://127.0.0.2:1/", "private-address"), ("http://localhost:1/", "connect"),
     ("http://127.0.0.1:1/", "connect"), ("http://no-such-host.invalid/", "dns"),
     ("http://[fe80::1%25eth0]/", "private-address"), ("http://0.0.0.0/", "private-address"),
     ("http://224.0.0.1/", "private-address"), ("http://a..b/", "bad-url"), ("http://xn--a.invalid/", "bad-url"),
     ("http://" + "a" * 70 + ".example/", "bad-url")],
)  # fmt: skip
async def test_what_cannot_be_fetched_has_a_reason(fetcher: Fetcher, url: str, reason: str) -> None:
    assert await reason_of(fetcher, url) == reason


async def test_cancelling_a_fetch_leaves_the_fetcher_usable(serve: Serve, fetcher: Fetcher) -> None:
    server, friend = await serve(endless(HEAD + b"\r\n", b"x", 0.05)), await serve(reply(b"fine"))
    task = asyncio.create_task(fetcher.fetch(server.url, byte_cap=CAP, accept="*/*"))
    await asyncio.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await fetcher.fetch(friend.url, byte_cap=CAP, accept="*/*")).body == b"fine"

"""https: the certificate is that of the name, and HTTP/2 is as guarded as HTTP/1.1."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest
from http2_server import Http2Server
from loopback_server import Authority, Serve, redirect, reply

from warta_ingest.fetcher import Fetcher, FetcherOptions, FetchError

CAP = 100_000
OPTIONS = FetcherOptions(user_agent="t", deadline=3, allow=("127.0.0.1",))


class ToLoopback:
    """Every name is 127.0.0.1."""

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    def close(self) -> None:
        """Nothing to let go."""


@pytest.fixture
async def trusting(authority: Authority) -> AsyncIterator[Fetcher]:
    async with Fetcher(replace(OPTIONS, tls=authority.client), resolver=ToLoopback()) as fetcher:
        yield fetcher


@pytest.fixture
async def http2(authority: Authority) -> AsyncIterator[Http2Server]:
    server = Http2Server()
    await server.start(authority.server)
    yield server
    await server.stop()


async def reason_of(fetcher: Fetcher, url: str) -> str:
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch(url, byte_cap=CAP, accept="*/*")
    return caught.value.reason


async def test_the_certificate_must_be_that_of_the_name(
    serve: Serve, authority: Authority, trusting: Fetcher
) -> None:
    server = await serve(reply(b"secret"), authority.server)
    fetched = await trusting.fetch(f"https://news.example:{server.port}/", byte_cap=CAP, accept="*/*")
    assert fetched.body == b"secret"
    assert await reason_of(trusting, f"https://other.example:{server.port}/") == "tls"


async def test_an_unknown_authority_is_refused(serve: Serve, authority: Authority) -> None:
    server = await serve(reply(b"secret"), authority.server)
    async with Fetcher(OPTIONS) as fetcher:
        assert await reason_of(fetcher, f"https://127.0.0.1:{server.port}/") == "tls"


async def test_a_downgrade_to_http_is_followed_and_recorded(
    serve: Serve, authority: Authority, trusting: Fetcher
) -> None:
    plain = await serve(reply(b"plain"))
    server = await serve(redirect(f"{plain.url}/"), authority.server)
    fetched = await trusting.fetch(f"https://news.example:{server.port}/", byte_cap=CAP, accept="*/*")
    assert (fetched.body, [hop.downgraded for hop in fetched.hops]) == (b"plain", [True])


async def test_http2_is_spoken_over_one_connection(http2: Http2Server, trusting: Fetcher) -> None:
    url = f"https://news.example:{http2.port}"
    assert (await trusting.fetch(f"{url}/redirect", byte_cap=CAP, accept="*/*")).final_url == f"{url}/"
    many = await asyncio.gather(
        *(trusting.fetch(f"{url}/{n}", byte_cap=CAP, accept="*/*") for n in range(50))
    )
    assert {(one.body, one.etag) for one in many} == {(b"fine", '"2"')}
    assert http2.connections == 1
    assert http2.server_names == ["news.example"]


@pytest.mark.parametrize(("path", "reason"), [("/endless", "too-large"), ("/flood", "bad-response")])
async def test_a_hostile_http2_server_ends_in_a_named_failure(
    http2: Http2Server, trusting: Fetcher, path: str, reason: str
) -> None:
    url = f"https://news.example:{http2.port}"
    for _ in range(3):
        assert await reason_of(trusting, f"{url}{path}") == reason
        assert (await trusting.fetch(f"{url}/fine", byte_cap=CAP, accept="*/*")).body == b"fine"


async def test_an_http2_connection_is_not_kept_after_the_deadline(
    http2: Http2Server, authority: Authority
) -> None:
    options = replace(OPTIONS, tls=authority.client, deadline=0.5)
    url = f"https://news.example:{http2.port}"
    async with Fetcher(options, resolver=ToLoopback()) as fetcher:
        with pytest.raises(FetchError) as caught:
            await fetcher.fetch(f"{url}/endless", byte_cap=10_000_000, accept="*/*")
        assert caught.value.reason == "timeout"
        assert (await fetcher.fetch(f"{url}/fine", byte_cap=CAP, accept="*/*")).body == b"fine"
    assert http2.connections == 2

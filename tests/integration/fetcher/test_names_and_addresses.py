"""A name is resolved once, and only the address that was checked is connected to."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from loopback_server import Serve, redirect, reply

from warta_ingest.fetcher import Fetcher, FetcherOptions, FetchError

CAP = 10_000


class ScriptedResolver:
    """Gives one answer after the other, then the last one for ever: a name server that changes its mind."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = list(answers)
        self.asked: list[str] = []

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]

    def close(self) -> None:
        """Nothing to let go."""


@asynccontextmanager
async def fetching(
    resolver: ScriptedResolver, *allow: str, tls: ssl.SSLContext | None = None, **more: int
) -> AsyncIterator[Fetcher]:
    options = FetcherOptions(user_agent="t", deadline=3, connect_timeout=1, allow=allow, tls=tls, **more)
    async with Fetcher(options, resolver=resolver) as fetcher:
        yield fetcher


async def reason_of(fetcher: Fetcher, url: str) -> str:
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch(url, byte_cap=CAP, accept="*/*")
    return caught.value.reason


async def test_a_name_that_turns_to_a_private_address_is_refused_then(serve: Serve) -> None:
    server = await serve(reply(b"inside", "Connection: close"))
    resolver = ScriptedResolver(["127.0.0.1"], ["127.0.0.9"])
    url = f"http://rebind.example:{server.port}/"
    async with fetching(resolver, "127.0.0.1/32") as fetcher:
        assert (await fetcher.fetch(url, byte_cap=CAP, accept="*/*")).body == b"inside"
        assert await reason_of(fetcher, url) == "private-address"
    assert resolver.asked == ["rebind.example", "rebind.example"]
    assert server.requests[0].headers["host"] == f"rebind.example:{server.port}"


async def test_the_name_is_asked_for_once_per_connection(serve: Serve) -> None:
    server = await serve(reply(b"x"))
    resolver = ScriptedResolver(["127.0.0.1"], ["127.0.0.9"])
    async with fetching(resolver, "127.0.0.1") as fetcher:
        for _ in range(3):
            await fetcher.fetch(f"http://once.example:{server.port}/", byte_cap=CAP, accept="*/*")
    assert resolver.asked == ["once.example"]


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.1.2.3", "::1", "fe80::1%eth0",
     "fd00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::1", "2001:0:a00:1::1", "::127.0.0.1", "ff02::1",
     "255.255.255.255", "224.0.0.1"],
)  # fmt: skip
async def test_no_private_address_is_connected_to(address: str) -> None:
    async with fetching(ScriptedResolver([address])) as fetcher:
        assert await reason_of(fetcher, "http://inside.example:9/") == "private-address"


async def test_a_private_address_among_public_ones_is_passed_over(serve: Serve) -> None:
    server = await serve(reply(b"x"))
    async with fetching(ScriptedResolver(["10.0.0.1", "127.0.0.1"]), "127.0.0.0/8") as fetcher:
        assert (
            await fetcher.fetch(f"http://a.example:{server.port}/", byte_cap=CAP, accept="*/*")
        ).body == b"x"


async def test_the_next_address_is_tried_when_one_does_not_answer(serve: Serve) -> None:
    server = await serve(reply(b"x"))
    async with fetching(ScriptedResolver(["127.0.0.3", "127.0.0.1"]), "127.0.0.0/8") as fetcher:
        assert (
            await fetcher.fetch(f"http://a.example:{server.port}/", byte_cap=CAP, accept="*/*")
        ).body == b"x"


async def test_an_allowed_host_name_may_have_any_address(serve: Serve) -> None:
    server = await serve(reply(b"x"))
    async with fetching(ScriptedResolver(["127.0.0.1"]), "newsroom") as fetcher:
        assert (
            await fetcher.fetch(f"http://newsroom:{server.port}/", byte_cap=CAP, accept="*/*")
        ).body == b"x"
        assert await reason_of(fetcher, f"http://other:{server.port}/") == "private-address"


async def test_a_redirect_is_checked_like_the_first_address(serve: Serve) -> None:
    server = await serve(redirect("http://inside.example/"))
    async with fetching(ScriptedResolver(["127.0.0.1"], ["10.0.0.1"]), "127.0.0.1") as fetcher:
        with pytest.raises(FetchError) as caught:
            await fetcher.fetch(f"http://a.example:{server.port}/", byte_cap=CAP, accept="*/*")
    assert caught.value.reason == "private-address"
    assert [hop.to for hop in caught.value.hops] == ["http://inside.example/"]


async def test_a_name_without_addresses_and_a_port_that_is_not_allowed() -> None:
    async with fetching(ScriptedResolver([]), "127.0.0.1", ports=frozenset({80, 443})) as fetcher:
        assert await reason_of(fetcher, "http://a.example/") == "dns"
        assert await reason_of(fetcher, "http://a.example:6379/") == "port-refused"


async def test_a_resolver_that_hangs_ends_with_the_deadline() -> None:
    class Hanging(ScriptedResolver):
        async def resolve(self, host: str, port: int) -> Sequence[str]:
            await asyncio.sleep(60)
            return []

    options = FetcherOptions(user_agent="t", deadline=0.3)
    async with Fetcher(options, resolver=Hanging([])) as fetcher:
        assert await reason_of(fetcher, "http://a.example/") == "timeout"


def test_a_wrong_allow_list_is_refused() -> None:
    for entry in ("10.0.0.0/33", "10.0.0.1/8", "http://x", "", "a b"):
        with pytest.raises(ValueError, match="neither a network, an address nor a host name"):
            Fetcher(FetcherOptions(user_agent="t", allow=(entry,)), resolver=ScriptedResolver([]))

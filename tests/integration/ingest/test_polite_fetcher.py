"""Redirects under real servers: each host on the way has its turn, its robots.txt, the blame for its own failures."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from drafts import NOON_MS, settings
from ingest_servers import connected, plain_fetching, serving
from tiny_site import TinySite
from warta_ingest.fetcher import PAGE_ACCEPT, Fetched, Fetcher, FetchError
from warta_ingest.politeness import Forbidden, HostBusy, PoliteFetcher, Politeness
from warta_shared.delivery.client import Redis


class World:
    """Two sites, and as many replicas as a test wants."""

    def __init__(self, sites: tuple[TinySite, TinySite], urls: tuple[str, str], redis: Redis) -> None:
        self.near, self.far = sites
        self.near_url, self.far_url = urls
        self.redis = redis

    def polite(self, fetcher: Fetcher, **given: Any) -> Politeness:
        return Politeness(lambda: self.redis, fetcher, settings(**given), lambda: NOON_MS)


@pytest.fixture
async def world(redis_url: str) -> AsyncIterator[World]:
    async with AsyncExitStack() as stack:
        sites = TinySite(), TinySite()
        urls = [await stack.enter_async_context(serving(site)) for site in sites]
        redis = await stack.enter_async_context(connected(settings(redis_url=redis_url)))
        world = World(sites, (urls[0], urls[1].replace("127.0.0.1", "localhost")), redis)
        world.near.pages["/leaves"] = RedirectResponse(f"{world.far_url}/page", 302)
        world.near.pages["/stays"] = RedirectResponse("/page", 301)
        for site in sites:
            site.put("/page", "page")
        yield world


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    async with Fetcher(plain_fetching(settings(fetch_deadline=3.0))) as one:
        yield one


async def get(one: PoliteFetcher, url: str, patience: float = 2.0, **given: Any) -> Fetched:
    return await one.fetch(url, patience, byte_cap=10**6, accept=PAGE_ACCEPT, **given)


async def test_the_answer_tells_the_whole_way(world: World, fetcher: Fetcher) -> None:
    polite = PoliteFetcher(fetcher, world.polite(fetcher))
    for path, end in (("/leaves", world.far_url), ("/stays", world.near_url)):
        fetched = await get(polite, world.near_url + path)
        assert (fetched.url, fetched.final_url) == (world.near_url + path, f"{end}/page")
        assert [hop.status for hop in fetched.hops] == [302 if path == "/leaves" else 301]
    assert world.near.times("/stays") == 1


async def test_a_redirect_waits_for_its_turn_at_the_other_host_and_holds_none_meanwhile(
    world: World, fetcher: Fetcher
) -> None:
    polite = world.polite(fetcher)
    async with polite.turn(f"{world.far_url}/page", 1):
        with pytest.raises(HostBusy):
            await get(PoliteFetcher(fetcher, polite), f"{world.near_url}/leaves", 0.3)
        assert world.far.times("/page") == 0
        waiting = asyncio.create_task(get(PoliteFetcher(fetcher, polite), f"{world.near_url}/leaves", 5))
        await asyncio.sleep(0.2)
        await get(PoliteFetcher(fetcher, polite), f"{world.near_url}/page", 1)
    assert (await waiting).final_url == f"{world.far_url}/page"


@pytest.mark.parametrize("path", ["/leaves", "/stays"])
async def test_where_robots_forbids_the_target_it_is_not_asked_for(
    world: World, fetcher: Fetcher, path: str
) -> None:
    for site in (world.near, world.far):
        site.put("/robots.txt", "User-agent: *\nDisallow: /page")
    with pytest.raises(Forbidden):
        await get(PoliteFetcher(fetcher, world.polite(fetcher)), world.near_url + path)
    assert (world.near.times("/page"), world.far.times("/page")) == (0, 0)
    assert await get(PoliteFetcher(fetcher, world.polite(fetcher), robots=False), world.near_url + path)


async def test_who_fails_is_blamed(world: World, fetcher: Fetcher) -> None:
    world.far.put("/page", "later", 503, retry_after="100")
    polite = world.polite(fetcher)
    with pytest.raises(FetchError):
        await get(PoliteFetcher(fetcher, polite), f"{world.near_url}/leaves")
    assert await polite.hosts.paused_for(world.near_url.removeprefix("http://")) == 0
    assert await polite.hosts.paused_for(world.far_url.removeprefix("http://")) > 90


async def test_two_hosts_that_lead_to_each_other_end(world: World, fetcher: Fetcher) -> None:
    world.near.pages["/round"] = RedirectResponse(f"{world.far_url}/round", 302)
    world.far.pages["/round"] = RedirectResponse(f"{world.near_url}/round", 302)
    with pytest.raises(FetchError, match="redirect-loop"):
        await get(PoliteFetcher(fetcher, world.polite(fetcher)), f"{world.near_url}/round")


async def test_ever_new_addresses_end_after_five(world: World, fetcher: Fetcher) -> None:
    async def on(request: Request) -> Response:
        return RedirectResponse(f"{request.url.path}x", 302)

    for number in range(8):
        world.near.pages[f"/{'x' * number}"] = on
    with pytest.raises(FetchError, match="too-many-redirects") as refused:
        await get(PoliteFetcher(fetcher, world.polite(fetcher)), f"{world.near_url}/")
    assert len(refused.value.hops) == 5


async def test_the_deadline_counts_all_steps(world: World, fetcher: Fetcher) -> None:
    async def slow(request: Request) -> Response:
        await asyncio.sleep(1.2)
        return RedirectResponse(f"{request.url.path}x", 302)

    for number in range(5):
        world.near.pages[f"/{'x' * number}"] = slow
    with pytest.raises(FetchError, match="timeout"):
        await get(PoliteFetcher(fetcher, world.polite(fetcher), robots=False), f"{world.near_url}/")
    assert len(world.near.asked) == 3


async def test_own_headers_stay_at_their_origin(world: World, fetcher: Fetcher) -> None:
    polite = PoliteFetcher(fetcher, world.polite(fetcher))
    for path in ("/leaves", "/stays"):
        await get(polite, world.near_url + path, headers={"x-key": "secret"}, etag='"v"')
    assert world.near.last_headers("/page")["x-key"] == "secret"
    assert "x-key" not in world.far.last_headers("/page")
    assert world.far.last_headers("/page")["if-none-match"] == '"v"'

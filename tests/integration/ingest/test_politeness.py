"""How a host is treated: its robots.txt, its turns among replicas, its word on when to wait."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from drafts import NOON_MS, settings
from ingest_servers import connected, plain_fetching, serving
from tiny_site import TinySite
from warta_ingest.fetcher import PAGE_ACCEPT, Fetcher, FetchError
from warta_ingest.politeness import Forbidden, HostBusy, Politeness
from warta_ingest.politeness.robots import BYTES_MAX, DAY_MS, GIVEN_UP_MS, UNREACHABLE_MS
from warta_shared.delivery.client import Redis

HOUR_MS = 3_600_000


class World:
    """A site, a Redis, and as many replicas as a test wants, on a clock that it moves."""

    def __init__(self, site: TinySite, url: str, redis: Redis, fetcher: Fetcher, redis_url: str) -> None:
        self.site, self.url, self.redis, self.fetcher = site, url, redis, fetcher
        self.redis_url = redis_url
        self.now = NOON_MS

    def replica(self, **given: object) -> Politeness:
        options = settings(redis_url=self.redis_url, **given)
        return Politeness(lambda: self.redis, self.fetcher, options, lambda: self.now)

    async def get(self, polite: Politeness, path: str, patience: float = 5.0) -> None:
        async with polite.turn(self.url + path, patience):
            await self.fetcher.fetch(self.url + path, byte_cap=10**6, accept=PAGE_ACCEPT)

    async def forbidden(self, path: str, polite: Politeness | None = None) -> str:
        try:
            await self.get(polite or self.replica(), path)
        except Forbidden as refusal:
            return refusal.reason
        return ""


@pytest.fixture
async def world(redis_url: str) -> AsyncIterator[World]:
    async with AsyncExitStack() as stack:
        site = TinySite()
        for path in ("/a", "/b", "/private/x"):
            site.put(path, "page")
        given = settings(redis_url=redis_url)
        url = await stack.enter_async_context(serving(site))
        redis = await stack.enter_async_context(connected(given))
        fetcher = await stack.enter_async_context(Fetcher(plain_fetching(given)))
        yield World(site, url, redis, fetcher, redis_url)


async def test_what_robots_forbids_is_not_fetched_and_the_rest_is(world: World) -> None:
    world.site.put("/robots.txt", "\ufeffUser-agent: *\nDisallow: /private\n")
    assert await world.forbidden("/private/x") == "robots"
    assert await world.forbidden("/a") == ""
    assert (world.site.times("/private/x"), world.site.times("/a")) == (0, 1)


async def test_the_group_of_our_name_counts_before_that_of_all(world: World) -> None:
    world.site.put("/robots.txt", "User-agent: warta\nDisallow: /a\n\nUser-agent: *\nDisallow: /\n")
    assert [await world.forbidden(path) for path in ("/a", "/b")] == ["robots", ""]


@pytest.mark.parametrize("status", [404, 401, 403, 410])
async def test_no_robots_forbids_nothing(world: World, status: int) -> None:
    world.site.put("/robots.txt", "Disallow: /", status)
    assert await world.forbidden("/private/x") == ""


async def test_robots_that_cannot_be_had_forbids_all_for_a_month(world: World) -> None:
    world.site.put("/robots.txt", "busy", 500)
    assert await world.forbidden("/a") == "robots-unreachable"
    assert await world.forbidden("/a") == "robots-unreachable"
    assert world.site.times("/robots.txt") == 1
    world.now += UNREACHABLE_MS + 1
    assert await world.forbidden("/a") == "robots-unreachable"
    assert world.site.times("/robots.txt") == 2
    world.now += GIVEN_UP_MS
    assert await world.forbidden("/a") == ""


async def test_while_robots_cannot_be_had_the_last_one_holds(world: World) -> None:
    world.site.put("/robots.txt", "User-agent: *\nDisallow: /private")
    await world.forbidden("/a")
    world.site.put("/robots.txt", "busy", 503)
    world.now += DAY_MS + 1
    assert [await world.forbidden(path) for path in ("/a", "/private/x")] == ["", "robots"]


async def test_robots_is_asked_once_a_day_by_all_replicas_together(world: World) -> None:
    world.site.put("/robots.txt", "User-agent: *\nAllow: /")
    for _ in range(3):
        await world.forbidden("/a")
    assert world.site.times("/robots.txt") == 1
    world.now += DAY_MS + 1
    world.site.put("/robots.txt", "User-agent: *\nDisallow: /")
    assert await world.forbidden("/a") == "robots"


async def test_redirects_to_robots_are_followed(world: World) -> None:
    world.site.pages["/robots.txt"] = RedirectResponse("/other.txt", 302)
    world.site.put("/other.txt", "User-agent: *\nDisallow: /a")
    assert await world.forbidden("/a") == "robots"


async def test_of_a_huge_robots_the_first_half_megabyte_counts(world: World) -> None:
    filler = "# filler\n" * (BYTES_MAX // 9 + 1)
    world.site.put("/robots.txt", f"User-agent: *\nDisallow: /a\n{filler}\nDisallow: /b")
    assert [await world.forbidden(path) for path in ("/a", "/b")] == ["robots", ""]


@pytest.mark.parametrize("body", ["\x00\x01\x02", "<html>Not found</html>", "Disallow", ":" * 1_000])
async def test_what_is_no_robots_forbids_nothing(world: World, body: str) -> None:
    world.site.put("/robots.txt", body)
    assert await world.forbidden("/a") == ""


async def test_an_operator_may_leave_robots_out(world: World) -> None:
    world.site.put("/robots.txt", "User-agent: *\nDisallow: /")
    assert await world.forbidden("/a", world.replica(robots=False)) == ""
    assert world.site.times("/robots.txt") == 0


async def test_replicas_ask_one_after_the_other_with_a_gap(world: World) -> None:
    asking, most, began = 0, 0, []

    async def slow(_request: Request) -> Response:
        nonlocal asking, most
        asking += 1
        most = max(most, asking)
        began.append(time.monotonic())
        await asyncio.sleep(0.02)
        asking -= 1
        return Response("page")

    world.site.pages["/a"] = slow
    replicas = [world.replica(host_gap=0.1, robots=False) for _ in range(3)]
    await asyncio.gather(*(world.get(one, "/a", 20) for one in replicas for _ in range(2)))
    assert (most, len(began)) == (1, 6)
    assert min(later - earlier for earlier, later in itertools.pairwise(began)) >= 0.1


async def test_a_sites_own_crawl_delay_is_kept_up_to_the_operators_bound(world: World) -> None:
    world.site.put("/robots.txt", "User-agent: *\nCrawl-delay: 100")
    polite = world.replica(crawl_delay_max=0.2)
    began = time.monotonic()
    for _ in range(2):
        await world.get(polite, "/a")
    assert time.monotonic() - began >= 0.4


async def test_a_turn_that_does_not_come_is_host_busy(world: World) -> None:
    first, second = world.replica(), world.replica()
    async with first.turn(f"{world.url}/a", 5):
        with pytest.raises(HostBusy):
            await world.get(second, "/a", 0.2)
    await world.get(second, "/a")


async def test_a_replica_that_died_in_its_turn_gives_it_back_with_its_lease(world: World) -> None:
    polite = world.replica(fetch_deadline=0.1, page_extraction=0.1)
    assert await polite.hosts.take(world.url.removeprefix("http://"), 1)
    await world.get(world.replica(robots=False), "/a", 5)


async def test_retry_after_holds_the_whole_host_for_all_replicas_and_no_other(world: World) -> None:
    world.site.put("/b", "later", 503, retry_after="120")
    with pytest.raises(FetchError):
        await world.get(world.replica(), "/b")
    other = world.replica()
    with pytest.raises(HostBusy):
        await world.get(other, "/a")
    host = world.url.removeprefix("http://")
    assert 110 < await other.hosts.paused_for(host) <= 120.1
    assert await other.hosts.paused_for("another.example") == 0


async def test_429_without_a_word_is_a_minute(world: World) -> None:
    world.site.put("/b", "slow down", 429)
    with pytest.raises(FetchError):
        await world.get(world.replica(), "/b")
    assert 50 < await world.replica().hosts.paused_for(world.url.removeprefix("http://")) <= 60.1


async def test_a_host_that_does_not_answer_is_left_alone_and_comes_back(world: World) -> None:
    polite, hosts = world.replica(), world.replica().hosts
    for _ in range(3):
        assert await hosts.paused_for("down.example") == 0
        await hosts.failed("down.example")
    assert 25 < await hosts.paused_for("down.example") <= 30.1
    await hosts.failed("down.example")
    assert 55 < await polite.hosts.paused_for("down.example") <= 60.1
    await hosts.answered("down.example")
    await world.redis.delete("host-pause:down.example")
    await hosts.failed("down.example")
    assert await hosts.paused_for("down.example") == 0

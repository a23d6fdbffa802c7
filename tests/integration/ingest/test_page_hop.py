"""Pages found -> fetched -> extracted -> `articles.raw`: one outcome each, and what is remembered of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from faststream.redis import RedisBroker
from redis.exceptions import ConnectionError as RedisConnectionError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from drafts import NOON, NOON_MS, settings
from drafts import entry as said
from drafts import feed as declared
from ingest_servers import plain_fetching, serving, stream_bodies
from tiny_site import PARAGRAPHS, TinySite, hanging, page
from warta_ingest.archive.page_archive import PageArchive
from warta_ingest.backfill.inputs import Form, Input
from warta_ingest.backfill.item import Copy
from warta_ingest.extraction import ExtractedPage, NoText, extract_page
from warta_ingest.fetcher import Fetched, Fetcher
from warta_ingest.pages.found import FoundPage, found_page
from warta_ingest.pages.handler import PageHandler
from warta_ingest.pages.unreadable import UnreadablePage
from warta_ingest.politeness import PoliteFetcher, Politeness
from warta_ingest.registry.journey import amend_page, known_record
from warta_ingest.registry.page_record import PageRecord
from warta_ingest.registry.publisher import ArticlePublisher
from warta_ingest.sameness import article_id
from warta_ingest.settings import IngestSettings
from warta_local.redis_server import RedisServer
from warta_shared.delivery.broker import connection, make_broker
from warta_shared.delivery.client import Redis
from warta_shared.delivery.commit import Received
from warta_shared.delivery.dead_letters import dead_letters
from warta_shared.delivery.delivery import Delivery
from warta_shared.delivery.groups import ensure_groups
from warta_shared.delivery.hop import FETCH
from warta_shared.delivery.names import PAGES, RAW
from warta_shared.delivery.outcome import Dead, Done, Message, Outcome, Retry
from warta_shared.delivery.reclaim import reclaim
from warta_shared.events import Entry, RawArticle

PARSER_BOMB = "bomb"


async def extracted(fetched: Fetched, found: FoundPage) -> ExtractedPage:
    """The extraction without its process; a page that says so kills it."""
    if PARSER_BOMB.encode() in fetched.body:
        raise UnreadablePage("parser-timeout", "not done in time", retryable=True)
    try:
        return extract_page(fetched.body, fetched.final_url, fetched.content_type, found.source.country)
    except NoText as error:
        raise UnreadablePage(error.reason, str(error)) from error


class World:
    """A site, a Redis, and the handler of the fetch hop between them."""

    def __init__(
        self, site: TinySite, url: str, broker: RedisBroker, given: IngestSettings, fetcher: Fetcher
    ) -> None:
        self.site = site
        self.url = url
        self.broker = broker
        self.given = given
        self.handler = PageHandler(
            lambda: self.redis,
            PoliteFetcher(fetcher, Politeness(lambda: self.redis, fetcher, given, lambda: NOON_MS)),
            extracted,
            ArticlePublisher(lambda: self.redis, given),
            PageArchive(given.archive_folder, given.archive_file_bytes),
            given,
        )

    @property
    def redis(self) -> Redis:
        return connection(self.broker)

    def found(self, path: str, **given: Any) -> FoundPage:
        return found_page(declared(), said(link=self.url + path, **given), 0)

    async def settle(self, *pages: FoundPage) -> list[Outcome]:
        messages = [Message(b"1-0", Entry(one.id, one.model_dump_json().encode())) for one in pages]
        return await self.handler(messages)

    async def articles(self) -> list[RawArticle]:
        bodies = await stream_bodies(self.redis, RAW, self.given.partitions)
        return [RawArticle.model_validate(body) for body in bodies]

    async def memory(self, one: FoundPage) -> PageRecord:
        page = (await known_record(self.redis, self.given.partitions, one.id)).page
        assert page
        return page


async def _world(stack: AsyncExitStack, given: IngestSettings) -> World:
    site = TinySite()
    url = await stack.enter_async_context(serving(site))
    broker = make_broker(given)
    await broker.connect()
    stack.push_async_callback(broker.stop)
    fetcher = await stack.enter_async_context(Fetcher(plain_fetching(given)))
    return World(site, url, broker, given, fetcher)


@pytest.fixture(params=[0, 8], ids=["plain names", "8 partitions"])
async def world(request: pytest.FixtureRequest, redis_url: str) -> AsyncIterator[World]:
    async with AsyncExitStack() as stack:
        given = settings(redis_url=redis_url, partitions=request.param, fetch_deadline=2.0, page_budget=4.0)
        yield await _world(stack, given)


@pytest.fixture
async def plain(redis_url: str) -> AsyncIterator[World]:
    async with AsyncExitStack() as stack:
        yield await _world(
            stack, settings(redis_url=redis_url, fetch_deadline=0.5, page_budget=1.2, page_bytes_max=300_000)
        )


async def test_a_page_becomes_an_article(world: World) -> None:
    world.site.put("/a", page("Harga cabai naik"))
    found = world.found("/a?utm_source=rss", authors=("Siti",), categories=("Ekonomi",))
    assert await world.settle(found) == [Done("published")]
    [article] = await world.articles()
    assert article.id == article_id(f"{world.url}/a")
    assert (article.revision, article.title, article.url) == (1, "Harga cabai naik", f"{world.url}/a")
    assert article.body.count("\n") == 2
    assert article.source.model_dump() == {
        "id": "KABAR",
        "name": None,
        "domain": "127.0.0.1",
        "country": "ID",
        "feed": "kabar",
    }
    # What the page does not say, the feed does.
    assert (article.published_at, article.published_source) == (NOON, "feed")
    assert (article.authors, article.sections) == (("Siti",), ("Ekonomi",))
    assert article.summary == "Pedagang menaikkan harga."
    known = await world.memory(found)
    assert [(fetch.outcome, fetch.reason) for fetch in known.fetches] == [("done", "published")]
    assert (known.url, known.article) == (f"{world.url}/a", article.id)


async def test_what_the_page_says_goes_before_the_feed(plain: World) -> None:
    meta = '<meta property="article:published_time" content="2025-06-03T08:00:00+07:00">'
    plain.site.put("/a", page("Judul halaman").replace("</head>", f"{meta}</head>"))
    await plain.settle(plain.found("/a", title="Judul umpan"))
    [article] = await plain.articles()
    assert (article.title, article.published_source) == ("Judul halaman", "meta")
    assert article.published_at and article.published_at.isoformat() == "2025-06-03T01:00:00+00:00"


async def test_a_time_without_a_zone_is_in_that_of_the_sources_country(plain: World) -> None:
    meta = '<meta property="article:published_time" content="2025-06-03T08:00:00">'
    plain.site.put("/a", page("Judul").replace("</head>", f"{meta}</head>"))
    await plain.settle(plain.found("/a"))
    [article] = await plain.articles()
    assert article.published_at and article.published_at.isoformat() == "2025-06-03T01:00:00+00:00"


async def test_fetching_again_is_unchanged_an_edited_page_a_revision(world: World) -> None:
    found = world.found("/a")
    world.site.put("/a", page("Harga cabai naik"))
    assert await world.settle(found) == [Done("published")]
    assert await world.settle(found) == [Done("unchanged")]
    world.site.put("/a", page("Harga cabai turun"))
    assert await world.settle(found) == [Done("published")]
    assert [(article.revision, article.title) for article in await world.articles()] == [
        (1, "Harga cabai naik"),
        (2, "Harga cabai turun"),
    ]
    assert (await world.memory(found)).fetches[-1].reason == "published"


async def test_two_addresses_of_one_page_are_one_article(world: World) -> None:
    html = page("Harga cabai naik", canonical=f"{world.url}/a")
    for path in ("/a", "/amp/a", "/a-print"):
        world.site.put(path, html)
    found = [world.found(path) for path in ("/amp/a", "/a", "/a-print")]
    outcomes = [(await world.settle(one))[0] for one in found]
    assert outcomes == [Done("published"), Done("unchanged"), Done("unchanged")]
    [article] = await world.articles()
    assert (article.id, article.url) == (article_id(f"{world.url}/a"), f"{world.url}/amp/a")
    assert article.canonical_url == f"{world.url}/a"
    assert {(await world.memory(one)).article for one in found} == {article.id}


async def test_the_same_article_twice_in_a_batch_is_published_once(world: World) -> None:
    html = page("Harga cabai naik", canonical=f"{world.url}/a")
    paths = ["/a", "/amp/a", "/print/a", "/mobile/a"]
    for path in paths:
        world.site.put(path, html)
    outcomes = await world.settle(*(world.found(path) for path in paths))
    assert sorted(outcome.reason for outcome in outcomes if isinstance(outcome, Done)) == [
        "published",
        "unchanged",
        "unchanged",
        "unchanged",
    ]
    assert len(await world.articles()) == 1


async def test_after_redirects_the_article_is_where_they_end(plain: World) -> None:
    plain.site.pages["/old"] = RedirectResponse("/new", 301)
    plain.site.put("/new", page("Harga cabai naik"))
    await plain.settle(plain.found("/old"))
    [article] = await plain.articles()
    assert (article.id, article.url) == (article_id(f"{plain.url}/new"), f"{plain.url}/new")


@pytest.mark.parametrize(
    ("status", "body", "headers", "outcome"),
    [
        (404, "", {}, Done("http-404")),
        (410, "", {}, Done("http-410")),
        (403, "", {}, Done("http-403")),
        (500, "", {}, Retry("http-500", "the server answered 500")),
        (429, "", {}, Retry("http-429", "the server answered 429")),
        (200, "<html><body><p>Foto.</p></body></html>", {}, Done("no-text")),
        (200, "x" * 400_000, {}, Done("too-large")),
        (200, "%PDF", {"content_type": "application/pdf"}, Done("unsupported-type")),
        (200, PARSER_BOMB, {}, Retry("parser-timeout", "not done in time")),
    ],
)
async def test_each_failure_has_its_outcome_and_is_remembered(
    plain: World, status: int, body: str, headers: Mapping[str, str], outcome: Outcome
) -> None:
    plain.site.put("/a", body, status, **headers)
    found = plain.found("/a")
    assert await plain.settle(found) == [outcome]
    known = await plain.memory(found)
    assert not isinstance(outcome, Dead)
    assert (known.fetches[-1].outcome, known.fetches[-1].reason, known.article) == (
        "retry" if isinstance(outcome, Retry) else "done",
        getattr(outcome, "reason", ""),
        "",
    )
    assert await plain.articles() == []


async def test_a_page_that_leads_to_the_private_network_is_refused_with_its_reason(plain: World) -> None:
    plain.site.pages["/a"] = RedirectResponse("http://10.0.0.1/admin")
    found = plain.found("/a")
    assert await plain.settle(found) == [Done("private-address")]
    assert (await plain.memory(found)).detail


async def test_what_is_no_page_to_fetch_is_dead_and_its_neighbours_are_not(plain: World) -> None:
    plain.site.put("/a", page("Harga cabai naik"))
    good = plain.found("/a")
    bodies = [b"not json", b"{}", good.model_dump_json().replace("http:", "file:").encode()]
    messages = [Message(b"1-0", Entry(good.id, body)) for body in bodies]
    messages.append(Message(b"2-0", Entry(good.id, good.model_dump_json().encode())))
    *bad, last = await plain.handler(messages)
    assert [outcome.reason for outcome in bad if isinstance(outcome, Dead)] == ["invalid-event"] * 3
    assert last == Done("published")


async def test_one_pages_fault_of_ours_is_not_its_neighbours(
    plain: World, caplog: pytest.LogCaptureFixture
) -> None:
    plain.site.put("/a", page("Harga cabai naik"))

    async def faulty(fetched: Fetched, found: FoundPage) -> ExtractedPage:
        if found.title == "bug":
            raise ZeroDivisionError("a bug")
        return await extracted(fetched, found)

    handler = replace(plain.handler, extract=faulty)
    pages = [plain.found("/a", title="bug"), plain.found("/a")]
    outcomes = await handler(
        [Message(b"1-0", Entry(one.id, one.model_dump_json().encode())) for one in pages]
    )
    assert outcomes == [Retry("page-broke", "ZeroDivisionError: a bug"), Done("published")]
    assert "page-broke" in [record.message for record in caplog.records]


async def test_a_host_that_hangs_is_blamed_for_what_it_was_asked_and_only_for_that(plain: World) -> None:
    """Half a second each, and 0.7 seconds of patience: the last ones' turns never come."""
    paths = ["/1", "/2", "/3", "/4"]
    plain.site.pages |= {path: hanging(asyncio.Event()) for path in paths}
    outcomes = await plain.settle(*(plain.found(path) for path in paths))
    assert all(isinstance(outcome, Retry) for outcome in outcomes)
    verdicts = [(outcome.reason, outcome.blame) for outcome in outcomes if isinstance(outcome, Retry)]
    assert {("timeout", True), ("host-busy", False)} == set(verdicts)
    assert all(blame == (reason == "timeout") for reason, blame in verdicts)
    asked = sum(plain.site.times(path) for path in paths)
    assert asked == sum(reason == "timeout" for reason, _ in verdicts)


async def test_pages_of_one_host_are_fetched_one_after_the_other(plain: World) -> None:
    running, most = 0, 0

    async def counted(_request: Request) -> Response:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.01)
        running -= 1
        return Response(page("Harga cabai naik"), media_type="text/html")

    paths = [f"/{number}" for number in range(8)]
    plain.site.pages |= dict.fromkeys(paths, counted)
    outcomes = await plain.settle(*(plain.found(path) for path in paths))
    assert outcomes == [Done("published")] * 8
    assert most == 1


async def test_a_page_that_changes_too_often_is_found_again_by_its_feeds_next_poll(redis_url: str) -> None:
    async with AsyncExitStack() as stack:
        world = await _world(stack, settings(redis_url=redis_url, max_revisions_per_hour=1))
        found = world.found("/a")
        for number in range(2):
            world.site.put("/a", page(f"Versi {number}"))
            assert await world.settle(found) == [Done("published")]
        await amend_page(world.redis, 0, found.id, lambda page: page.named("kabar", b"said"), 60)
        world.site.put("/a", page("Versi 2"))
        assert await world.settle(found) == [Done("revision-capped")]
        page_record = (await known_record(world.redis, 0, found.id)).page
        assert page_record and page_record.said_by("kabar") is None
        assert [fetch.reason for fetch in page_record.fetches] == [
            "published",
            "published",
            "revision-capped",
        ]
        assert len(await world.articles()) == 2


async def test_redis_away_in_the_middle_blames_no_page_and_publishes_nothing_twice(
    redis_server: RedisServer, plain: World
) -> None:
    plain.site.put("/a", page("Harga cabai naik"))
    found = plain.found("/a")
    losing = LosingPublisher(lambda: plain.redis, plain.given)
    handler = replace(plain.handler, publisher=losing)
    message = Message(b"1-0", Entry(found.id, found.model_dump_json().encode()))
    [outcome] = await handler([message])
    assert isinstance(outcome, Retry) and (outcome.reason, outcome.blame) == ("redis-away", False)
    redis_server.kill()
    [outcome] = await plain.handler([message])
    assert isinstance(outcome, Retry) and not outcome.blame
    redis_server.restart()
    assert await plain.handler([message]) == [Done("unchanged")]
    assert len(await plain.articles()) == 1


class LosingPublisher(ArticlePublisher):
    """Publishes, and loses the answer."""

    async def publish(self, *arguments: Any) -> Any:
        await super().publish(*arguments)
        raise RedisConnectionError("the reply was lost")


async def test_a_page_that_always_fails_is_a_dead_letter_after_so_many_tries(plain: World) -> None:
    plain.site.put("/broken", "no", 500)
    plain.site.put("/a", page("Harga cabai naik"))
    tries = 3
    quick = {"min_idle": 0.02, "batch_timeout": 5.0, "max_deliveries": tries}
    delivery = Delivery(plain.broker, FETCH, plain.handler, plain.given.model_copy(update=quick))
    await ensure_groups(plain.redis, (FETCH,), 0)
    broken = plain.found("/broken")
    for one in (broken, plain.found("/a")):
        await plain.redis.xadd(PAGES, dict(_pairs(Entry(one.id, one.model_dump_json().encode()))))
    read = await plain.redis.xreadgroup(FETCH.name, delivery.consumer, {PAGES: ">"})
    await delivery.run_batch(
        None, [Received(entry_id, fields) for _, entries in read for entry_id, fields in entries]
    )
    async with asyncio.timeout(10):
        while (await plain.redis.xpending(PAGES, FETCH.name))["pending"]:
            await reclaim(delivery)
            await asyncio.sleep(0.02)
    [filed] = [filed async for filed in dead_letters(plain.redis, 0)]
    assert filed.letter
    assert (filed.letter.reason, filed.letter.group, filed.letter.deliveries) == ("http-500", "fetch", tries)
    assert filed.letter.article_id == broken.id
    assert plain.site.times("/broken") == tries
    assert len(await plain.articles()) == 1


def _pairs(entry: Entry) -> list[tuple[bytes, bytes]]:
    fields = entry.fields()
    return list(zip(fields[::2], fields[1::2], strict=True))


def part(number: int, count: int) -> str:
    links = "".join(f'<a href="/long?page={n}">{n}</a>' for n in range(1, count + 1))
    text = "".join(f"<p>Halaman {number}. {paragraph}</p>" for paragraph in PARAGRAPHS)
    return page("Harga cabai naik").replace(
        "</article>", f"{text}</article><div class='paging'>{links}</div>"
    )


async def test_the_pages_of_one_article_are_joined(plain: World) -> None:
    async def answer(request: Request) -> Response:
        return Response(part(int(request.query_params.get("page", "1")), 3), media_type="text/html")

    plain.site.pages["/long"] = answer
    assert await plain.settle(plain.found("/long")) == [Done("published")]
    (article,) = await plain.articles()
    numbers = [line[:10] for line in article.body.split("\n") if line.startswith("Halaman")]
    assert numbers == [f"Halaman {number}." for number in (1, 1, 1, 2, 2, 2, 3, 3, 3)]


async def test_what_is_missing_of_an_article_is_said_and_the_rest_is_published(plain: World) -> None:
    async def answer(request: Request) -> Response:
        number = int(request.query_params.get("page", "1"))
        return Response(part(number, 3), 200 if number < 3 else 500, media_type="text/html")

    plain.site.pages["/long"] = answer
    found = plain.found("/long")
    assert await plain.settle(found) == [Done("published")]
    assert (await plain.memory(found)).detail == "1 of 3 pages missing: http-500"
    (article,) = await plain.articles()
    assert "Halaman 2." in article.body


async def test_fetched_pages_are_archived_whatever_becomes_of_them(redis_url: str, tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        world = await _world(stack, settings(redis_url=redis_url, archive_folder=tmp_path))
        await stack.enter_async_context(world.handler.archive)
        world.site.put("/a", page("Harga cabai naik"))
        world.site.put("/b", "<p>no article</p>")
        await world.settle(world.found("/a"), world.found("/b"), world.found("/missing"))
        [file] = await asyncio.to_thread(lambda: list(tmp_path.iterdir()))
        given = Input(file, Form.WARC, "", 3_000_000)
        kept = [item.content for item in given.items() if isinstance(item.content, Copy)]
        assert sorted(one.url for one in kept) == [f"{world.url}/a", f"{world.url}/b"]
        assert {(one.source, one.feed, one.country) for one in kept} == {("KABAR", "kabar", "ID")}

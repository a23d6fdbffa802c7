"""Feeds polled over real HTTP into a real Redis: what is asked, what is published, when it is asked again."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from starlette.responses import RedirectResponse

from drafts import NOON_MS, settings
from drafts import feed as declared
from ingest_servers import connected, eventually, plain_fetching, serving, stream_bodies
from tiny_site import PARAGRAPHS, TinySite, hanging, rss, with_etag
from warta_ingest.feeds import Feed, ParsedFeed, store
from warta_ingest.feeds.parsing import NotAFeed, parse_feed
from warta_ingest.feeds.store import Origin, StoredFeed
from warta_ingest.fetcher import Fetched, Fetcher
from warta_ingest.politeness import PoliteFetcher, Politeness
from warta_ingest.poll import schedule, state
from warta_ingest.poll.condition import Condition, condition, has_moved
from warta_ingest.poll.fetching import UNCONDITIONAL_EVERY, FeedFetching
from warta_ingest.poll.poller import Poller
from warta_ingest.poll.polling import build_poller
from warta_ingest.poll.round import PollRound
from warta_ingest.poll.unreadable import UnreadableFeed
from warta_ingest.poll.whole_articles import WholeArticles
from warta_ingest.registry import accounts
from warta_ingest.registry.journey import amend_page
from warta_ingest.registry.publisher import ArticlePublisher
from warta_ingest.settings import IngestSettings
from warta_ingest.text.paragraphs import paragraphs_of
from warta_local.redis_server import RedisServer
from warta_shared.delivery.client import Redis
from warta_shared.delivery.names import PAGES, RAW, key

HOUR_MS = 3_600_000


async def parsed(fetched: Fetched, _country: str | None) -> ParsedFeed:
    """The parser without its process."""
    try:
        return parse_feed(fetched.body, fetched.final_url, fetched.content_type)
    except NotAFeed as error:
        raise UnreadableFeed(error.reason, error.detail) from error


async def texts(fragments: Sequence[str]) -> list[str]:
    return paragraphs_of(fragments)


async def free() -> str:
    return ""


class World:
    """A site, a Redis and any number of pollers, with one clock that the test moves."""

    def __init__(
        self, site: TinySite, url: str, redis: Redis, given: IngestSettings, fetcher: Fetcher
    ) -> None:
        self.site = site
        self.url = url
        self.redis = redis
        self.given = given
        self.fetcher = fetcher
        self.now = NOON_MS

    def poller(self, redis: Redis | None = None) -> Poller:
        def connection() -> Redis:
            return redis or self.redis

        whole = WholeArticles(ArticlePublisher(connection, self.given, lambda: self.now), texts)
        polite = Politeness(lambda: self.redis, self.fetcher, self.given, lambda: self.now)
        fetching = FeedFetching(PoliteFetcher(self.fetcher, polite, robots=False), parsed, self.given)
        return build_poller(connection, fetching, whole, self.given, lambda: self.now)

    def feed(self, path: str = "/rss", **given: Any) -> Feed:
        return declared(url=self.url + path, **given)

    async def found(self) -> list[dict[str, Any]]:
        return await stream_bodies(self.redis, PAGES, self.given.partitions)


@pytest.fixture
async def world(redis_url: str) -> AsyncIterator[World]:
    async with AsyncExitStack() as stack:
        site = TinySite()
        given = settings(redis_url=redis_url)
        url = await stack.enter_async_context(serving(site))
        redis = await stack.enter_async_context(connected(given))
        options = plain_fetching(given)
        yield World(site, url, redis, given, await stack.enter_async_context(Fetcher(options)))


def due_after(times: dict[str, int], feed: Feed, now: int) -> float:
    return (times[feed.id] - now) / 1000


async def polled(world: World, feed: Feed) -> str:
    await schedule.synchronise(world.redis, [feed.id], world.now)
    return await world.poller().poll(feed)


async def test_new_entries_become_pages_to_fetch(world: World) -> None:
    world.site.put("/rss", rss(("https://kabar.example/a?utm_source=rss", "Cabai"), ("/b", "Beras")))
    feed = world.feed(language="id", sections={"Ekonomi": "04000000"})
    assert await polled(world, feed) == "new-entries"
    first, second = await world.found()
    assert (first["url"], first["title"], first["language"]) == ("https://kabar.example/a", "Cabai", "id")
    assert first["source"] == {"id": "KABAR", "name": None, "domain": None, "country": "ID", "feed": "kabar"}
    assert first["published"] == "2025-06-02T12:00:00.000Z"
    assert second["url"] == f"{world.url}/b"
    assert due_after(await schedule.due_times(world.redis), feed, world.now) == 60


async def test_what_was_found_before_is_not_found_again_unless_the_feed_says_more(world: World) -> None:
    world.site.put("/rss", rss(("/a", "Cabai"), ("/b", "Beras")))
    assert await polled(world, world.feed()) == "new-entries"
    assert await polled(world, world.feed()) == "nothing-new"
    world.site.put("/rss", rss(("/a", "Cabai naik"), ("/b", "Beras")))
    assert await polled(world, world.feed()) == "new-entries"
    assert [page["title"] for page in await world.found()] == ["Cabai", "Beras", "Cabai naik"]


async def test_validators_are_sent_back_and_304_costs_nothing(world: World) -> None:
    world.site.pages["/rss"] = with_etag(rss(("/a", "Cabai")), '"v1"')
    assert await polled(world, world.feed()) == "new-entries"
    assert "if-none-match" not in world.site.last_headers("/rss")
    assert await polled(world, world.feed()) == "not-modified"
    assert world.site.last_headers("/rss")["if-none-match"] == '"v1"'
    world.site.pages["/rss"] = with_etag(rss(("/a", "Cabai"), ("/b", "Beras")), '"v2"')
    assert await polled(world, world.feed()) == "new-entries"
    known = await state.load(world.redis, "kabar")
    assert (known.etag, known.failures, known.last_success) == ('"v2"', 0, world.now)


async def test_validators_of_another_url_are_not_sent(world: World) -> None:
    world.site.pages["/rss"] = with_etag(rss(("/a", "Cabai")), '"v1"')
    world.site.pages["/new"] = with_etag(rss(("/a", "Cabai"), ("/b", "Beras")), '"v1"')
    await polled(world, world.feed())
    assert await polled(world, world.feed("/new")) == "new-entries"
    assert len(await world.found()) == 2


async def test_a_failing_feed_backs_off_says_why_and_recovers(world: World) -> None:
    world.site.put("/rss", "no", 500)
    feed, waits = world.feed(), []
    for _ in range(8):
        assert await polled(world, feed) == "http-500"
        waits.append(due_after(await schedule.due_times(world.redis), feed, world.now))
    doubled = [60, 120, 240, 480, 960, 1_920, 3_600, 3_600]
    assert all(least <= wait <= 1.1 * least for least, wait in zip(doubled, waits, strict=True)), waits
    known = await state.load(world.redis, feed.id)
    assert (known.failures, known.outcome, known.last_success) == (8, "http-500", 0)
    world.site.put("/rss", rss(("/a", "Cabai")))
    assert await polled(world, feed) == "new-entries"
    assert (await state.load(world.redis, feed.id)).failures == 0
    assert due_after(await schedule.due_times(world.redis), feed, world.now) == 60


@pytest.mark.parametrize(
    ("status", "headers", "outcome", "wait"),
    [
        (503, {"retry_after": "900"}, "http-503", 900),
        (429, {"retry_after": "99999999"}, "http-429", 86_400),
        (410, {}, "http-410", 86_400),
        (404, {}, "http-404", 60),
    ],
)
async def test_the_servers_word_on_when_to_come_back_is_kept(
    world: World, status: int, headers: dict[str, str], outcome: str, wait: float
) -> None:
    world.site.put("/rss", "no", status, **headers)
    assert await polled(world, world.feed()) == outcome
    found = due_after(await schedule.due_times(world.redis), world.feed(), world.now)
    assert wait <= found <= 1.1 * wait


async def test_the_feeds_ttl_and_cache_control_hold_within_the_operators_bounds(world: World) -> None:
    waits = []
    for ttl, control in ((10, ""), (None, "max-age=1200"), (10_000, ""), (None, "max-age=1")):
        world.site.put("/rss", rss(("/a", "Cabai"), ttl=ttl), cache_control=control)
        await polled(world, world.feed())
        waits.append(due_after(await schedule.due_times(world.redis), world.feed(), world.now))
    assert waits == [600, 1_200, 3_600, 60]


async def test_what_is_no_feed_is_a_failure_and_keeps_the_validators_of_the_last_that_was(
    world: World,
) -> None:
    world.site.pages["/rss"] = with_etag(rss(("/a", "Cabai")), '"v1"')
    await polled(world, world.feed())
    world.site.put("/rss", "<html><body>Maintenance</body></html>", etag='"maintenance"')
    assert await polled(world, world.feed()) in {"not-a-feed", "empty"}
    assert (await state.load(world.redis, "kabar")).etag == '"v1"'


async def test_entries_that_lead_nowhere_are_left_out_and_their_neighbours_are_not(world: World) -> None:
    world.site.put("/rss", rss(("mailto:a@b.example", "Mail"), ("http://a..b/", "Bad host"), ("/a", "Cabai")))
    assert await polled(world, world.feed()) == "new-entries"
    assert [page["title"] for page in await world.found()] == ["Cabai"]


async def test_two_pollers_of_one_feed_publish_each_entry_once(world: World) -> None:
    world.site.put("/rss", rss(*((f"/{n}", f"Title {n}") for n in range(40))))
    outcomes = await asyncio.gather(*(world.poller().poll(world.feed()) for _ in range(6)))
    assert "new-entries" in outcomes
    assert Counter(page["url"] for page in await world.found()) == {f"{world.url}/{n}": 1 for n in range(40)}


async def test_a_replicas_older_copy_of_a_feed_does_not_hide_a_newer_one(world: World) -> None:
    """It publishes first; what is newer meets its marker as a conflict, and must be judged again."""
    page_id = (await _first_page(world))["id"]
    await _said(world.redis, page_id, b"0000")
    stale = Overtaken(world.redis, page_id, b"ffff")
    assert await world.poller(stale).poll(world.feed()) == "new-entries"
    assert len(await world.found()) == 2


async def _said(redis: Redis, page_id: str, said: bytes) -> None:
    await amend_page(redis, 0, page_id, lambda page: page.named("kabar", said), 60)


async def _first_page(world: World) -> dict[str, Any]:
    world.site.put("/rss", rss(("/a", "Cabai")))
    await polled(world, world.feed())
    [page] = await world.found()
    return page


class Overtaken:
    """A client after whose first look at the markers another replica changes one."""

    def __init__(self, redis: Redis, page_id: str, said: bytes) -> None:
        self._redis = redis
        self._change: tuple[str, bytes] | None = (page_id, said)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._redis, name)

    def pipeline(self, **given: Any) -> Any:
        pipe = self._redis.pipeline(**given)
        execute = pipe.execute

        async def then_overtaken() -> Any:
            found = await execute()
            if self._change:
                change, self._change = self._change, None
                await _said(self._redis, *change)
            return found

        pipe.execute = then_overtaken
        return pipe


async def test_redis_away_in_the_middle_publishes_nothing_twice(world: World) -> None:
    """The entries are on the stream, the feed has not moved on: it is polled again, and adds nothing."""
    world.site.put("/rss", rss(("/a", "Cabai"), ("/b", "Beras")))
    for command in ("eval", "hset", "zadd"):
        with pytest.raises(RedisConnectionError):
            await world.poller(Losing(world.redis, command)).poll(world.feed())
        assert len(await world.found()) == 2
    assert await polled(world, world.feed()) == "nothing-new"
    assert len(await world.found()) == 2


class Losing:
    """A client that carries out everything, and loses the replies to one command."""

    def __init__(self, redis: Redis, command: str) -> None:
        self._redis = redis
        self._command = command

    def __getattr__(self, name: str) -> Any:
        carry_out = getattr(self._redis, name)
        if name != self._command:
            return carry_out

        async def lose(*arguments: Any, **options: Any) -> Any:
            await carry_out(*arguments, **options)
            raise RedisConnectionError("the reply was lost")

        return lose


async def test_a_killed_redis_leaves_the_feed_to_its_lease(redis_server: RedisServer, world: World) -> None:
    world.site.put("/rss", rss(("/a", "Cabai")))
    await world.poller().poll(world.feed())
    redis_server.kill()
    with pytest.raises((RedisError, OSError)):
        await world.poller().poll(world.feed())
    redis_server.restart()
    assert await world.poller().poll(world.feed()) == "nothing-new"
    assert len(await world.found()) == 1


class Rounds:
    """A PollRound on a feeds file that the test writes."""

    def __init__(self, world: World, file: Path, poller: Poller | None = None) -> None:
        self.world = world
        self.file = file
        self.round = PollRound(poller or world.poller(), file, free)

    def write(self, *paths: str, interval: tuple[int, int] = (60, 3_600)) -> None:
        lines = ["feeds:"]
        for path in paths:
            lines += [f"  - id: {path.strip('/')}", f"    url: {self.world.url}{path}", "    source: KABAR"]
            lines += [f"    interval: {{min: {interval[0]}, max: {interval[1]}}}"]
        self.file.write_text("\n".join(lines))

    async def turn(self) -> None:
        """One round, and the polls that it began."""
        await self.round()
        await eventually(lambda: not self.round.running)

    async def scheduled(self) -> set[str]:
        return set(await schedule.due_times(self.world.redis))


@pytest.fixture
async def rounds(world: World, tmp_path: Path) -> AsyncIterator[Rounds]:
    for path in ("/a", "/b", "/c"):
        world.site.put(path, rss((f"{path}/1", "One")))
    one = Rounds(world, tmp_path / "feeds.yaml")
    async with one.round:
        yield one


async def test_feeds_added_and_removed_in_the_file_are_polled_and_are_not(rounds: Rounds) -> None:
    rounds.write("/a", "/b")
    await rounds.turn()
    assert (rounds.world.site.times("/a"), rounds.world.site.times("/b")) == (1, 1)
    await rounds.turn()
    assert rounds.world.site.times("/a") == 1, "it is not due yet"
    rounds.write("/b", "/c")
    rounds.world.now += HOUR_MS
    await rounds.turn()
    assert await rounds.scheduled() == {"b", "c"}
    counts = [rounds.world.site.times(path) for path in ("/a", "/b", "/c")]
    assert counts == [1, 2, 1]
    assert await state.load(rounds.world.redis, "a") == state.FeedState()


async def test_a_broken_or_missing_file_leaves_the_last_good_one_in_force(
    rounds: Rounds, caplog: pytest.LogCaptureFixture
) -> None:
    rounds.write("/a")
    await rounds.turn()
    rounds.file.write_text("feeds: [")
    for _ in range(3):
        rounds.world.now += HOUR_MS
        await rounds.turn()
    rounds.file.unlink()
    for _ in range(3):
        rounds.world.now += HOUR_MS
        await rounds.turn()
    assert rounds.world.site.times("/a") == 7
    refused = [record for record in caplog.records if record.message == "feeds-file-refused"]
    assert len(refused) == 2, "one complaint for each change"
    rounds.write("/b")
    await rounds.turn()
    assert await rounds.scheduled() == {"b"}


async def test_a_feed_that_is_switched_off_is_not_polled(rounds: Rounds) -> None:
    rounds.write("/a")
    rounds.file.write_text(rounds.file.read_text() + "\n    enabled: false\n")
    await rounds.turn()
    assert (await rounds.scheduled(), rounds.world.site.times("/a")) == (set(), 0)


async def test_without_a_file_there_is_nothing_to_do(world: World) -> None:
    async with PollRound(world.poller(), None, free) as idle:
        await idle()
    assert await world.redis.exists(schedule.KEY) == 0


async def test_a_slow_feed_holds_up_no_other_and_is_polled_once_at_a_time(rounds: Rounds) -> None:
    gate, other = asyncio.Event(), TinySite()
    other.pages["/slow"] = hanging(gate)
    rounds.write("/a", "/b")
    async with serving(other) as elsewhere:
        by_name = elsewhere.replace("127.0.0.1", "localhost")  # another host, as far as politeness goes
        rounds.file.write_text(
            f"{rounds.file.read_text()}\n  - {{id: slow, url: {by_name}/slow, source: KABAR}}"
        )
        await rounds.round()
        await eventually(lambda: rounds.round.running == {"slow"})
        rounds.world.now += HOUR_MS
        await rounds.round()
        await eventually(lambda: rounds.world.site.times("/a") == 2 and rounds.round.running == {"slow"})
        assert other.times("/slow") == 1, "its lease is over, but this process still polls it"
        gate.set()
        await eventually(lambda: not rounds.round.running)
    assert (await state.load(rounds.world.redis, "slow")).outcome == "http-503"


async def test_only_so_many_are_polled_at_once(world: World, tmp_path: Path) -> None:
    gate = asyncio.Event()
    paths = [f"/slow-{number}" for number in range(5)]
    world.site.pages |= {path: hanging(gate) for path in paths}
    world.given = world.given.model_copy(update={"polls_at_once": 2})
    rounds = Rounds(world, tmp_path / "feeds.yaml")
    rounds.write(*paths)
    async with rounds.round:
        await rounds.round()
        await rounds.round()
        assert len(rounds.round.running) == 2
        gate.set()
        for _ in range(3):
            await rounds.turn()
        assert [world.site.times(path) for path in paths] == [1] * 5


async def test_leaving_a_round_ends_its_polls(world: World, tmp_path: Path) -> None:
    world.site.pages["/slow"] = hanging(asyncio.Event())
    rounds = Rounds(world, tmp_path / "feeds.yaml")
    rounds.write("/slow")
    async with rounds.round:
        await rounds.round()
        assert rounds.round.running == {"slow"}
    assert not rounds.round.running


async def test_what_a_killed_worker_had_leased_is_polled_by_another(rounds: Rounds) -> None:
    world = rounds.world
    rounds.write("/a")
    await schedule.synchronise(world.redis, ["a"], world.now)
    lease = world.given.poll_lease
    assert await schedule.claim(world.redis, world.now, lease, 10) == {"a": world.now}
    await rounds.turn()
    assert world.site.times("/a") == 0, "leased to somebody else"
    world.now += int(lease * 1000)
    await rounds.turn()
    assert world.site.times("/a") == 1


async def test_two_replicas_share_the_feeds(rounds: Rounds, tmp_path: Path) -> None:
    world = rounds.world
    paths = [f"/f{number}" for number in range(12)]
    for path in paths:
        world.site.put(path, rss((f"{path}/1", "One")))
    rounds.write(*paths)
    other = Rounds(world, rounds.file)
    async with other.round:
        for _ in range(4):
            await asyncio.gather(rounds.turn(), other.turn())
            world.now += 7_000  # those that found too many before them at their host
    assert [world.site.times(path) for path in paths] == [1] * 12


async def test_a_feed_of_anothers_newer_file_is_left_to_that_one(rounds: Rounds) -> None:
    world = rounds.world
    rounds.write("/a")
    await rounds.turn()
    await world.redis.zadd(schedule.KEY, {"unheard-of": world.now})
    await rounds.turn()
    assert (await schedule.due_times(world.redis))["unheard-of"] == world.now + 10_000


async def test_polling_waits_while_producers_must_and_says_so_once(
    world: World, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    reason = "backlog"

    async def refusal() -> str:
        return reason

    world.site.put("/a", rss(("/a/1", "One")))
    rounds = Rounds(world, tmp_path / "feeds.yaml")
    rounds.round = PollRound(world.poller(), rounds.file, refusal)
    rounds.write("/a")
    for _ in range(3):
        await rounds.turn()
    assert world.site.times("/a") == 0
    assert [record.message for record in caplog.records].count("polling-waits") == 1
    reason = ""
    await rounds.turn()
    assert world.site.times("/a") == 1


async def test_a_poll_that_breaks_is_left_to_its_lease(
    world: World, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    world.site.put("/a", rss(("/a/1", "One")))
    rounds = Rounds(world, tmp_path / "feeds.yaml", world.poller(Losing(world.redis, "hset")))
    rounds.write("/a")
    async with rounds.round:
        await rounds.turn()
    assert (await schedule.due_times(world.redis))["a"] == world.now + int(world.given.poll_lease * 1000)
    assert "poll-left-to-lease" in [record.message for record in caplog.records]
    async with PollRound(world.poller(), rounds.file, free) as healthy:
        world.now += int(world.given.poll_lease * 1000)
        await healthy()
        await eventually(lambda: world.site.times("/a") == 2 and not healthy.running)
    assert len(await world.found()) == 1


async def test_pages_spread_over_partitions(world: World) -> None:
    world.given = world.given.model_copy(update={"partitions": 8})
    world.site.put("/rss", rss(*((f"/{n}", f"Title {n}") for n in range(40))))
    assert await polled(world, world.feed()) == "new-entries"
    assert await polled(world, world.feed()) == "nothing-new"
    assert await world.redis.exists(PAGES) == 0
    assert len(await world.found()) == 40


async def test_a_feeds_own_headers_are_sent(world: World) -> None:
    world.site.put("/rss", rss(("/a", "Cabai")))
    await polled(world, world.feed(headers={"X-Key": "secret"}))
    assert world.site.last_headers("/rss")["x-key"] == "secret"


async def test_a_server_that_says_304_for_ever_is_asked_without_conditions_at_last(world: World) -> None:
    world.site.pages["/rss"] = with_etag(rss(("/a", "Cabai")), '"v1"')
    for _ in range(UNCONDITIONAL_EVERY + 2):
        await polled(world, world.feed())
    asked = ["if-none-match" in headers for path, headers in world.site.asked if path == "/rss"]
    assert asked == [False, *[True] * UNCONDITIONAL_EVERY, False]


async def test_what_is_gone_for_three_days_is_not_asked_again_until_somebody_says_so(world: World) -> None:
    world.site.put("/rss", "gone", 410)
    feed = world.feed()
    conditions = []
    for _ in range(3):
        # Asking twice a day does not make it gone any sooner.
        assert [await polled(world, feed) for _ in range(2)] == ["http-410"] * 2
        conditions.append(condition(await state.load(world.redis, feed.id), world.now))
        waits = due_after(await schedule.due_times(world.redis), feed, world.now)
        world.now += 24 * HOUR_MS
    assert conditions == [Condition.FAILING, Condition.FAILING, Condition.GONE]
    assert waits > 10 * 365 * 86_400
    world.site.put("/rss", rss(("/a", "Cabai")))
    assert await polled(world, feed) == "new-entries"
    assert condition(await state.load(world.redis, feed.id), world.now) is Condition.OK


async def test_a_feed_that_moved_for_good_is_asked_at_its_new_address(world: World) -> None:
    world.site.pages["/rss"] = RedirectResponse("/new", 301)
    world.site.put("/new", rss(("/a", "Cabai")))
    for _ in range(5):
        await polled(world, world.feed())
        world.now += 1_000
    assert (world.site.times("/rss"), world.site.times("/new")) == (3, 5)
    known = await state.load(world.redis, "kabar")
    assert (known.moved_to, has_moved(known)) == (f"{world.url}/new", True)
    world.site.put("/new", "broken", 500)
    world.site.put("/rss", rss(("/a", "Cabai")))
    assert await polled(world, world.feed()) == "nothing-new", "it is back where it was declared"
    assert not has_moved(await state.load(world.redis, "kabar"))


@pytest.mark.parametrize(
    ("status", "body"), [(404, "no"), (410, "no"), (200, "<html>This domain is for sale")]
)
async def test_a_feed_that_moved_outlives_its_old_address(world: World, status: int, body: str) -> None:
    world.site.pages["/rss"] = RedirectResponse("/new", 301)
    world.site.put("/new", rss(("/a", "Cabai")))
    for _ in range(3):
        await polled(world, world.feed())
    world.site.put("/rss", body, status)
    for _ in range(3):
        world.now += 24 * HOUR_MS
        assert [await polled(world, world.feed()) for _ in range(2)] == ["nothing-new"] * 2
    assert world.site.times("/rss") == 6, "it is asked again once a day"
    known = await state.load(world.redis, "kabar")
    assert (known.failures, has_moved(known)) == (0, True)


async def test_a_failure_of_both_addresses_forgets_neither(world: World) -> None:
    world.site.pages["/rss"] = RedirectResponse("/new", 301)
    world.site.put("/new", rss(("/a", "Cabai")))
    for _ in range(3):
        await polled(world, world.feed())
    world.site.put("/new", "no", 500)
    world.site.put("/rss", "no", 500)
    assert await polled(world, world.feed()) == "http-500"
    world.site.put("/new", rss(("/a", "Cabai")))
    assert await polled(world, world.feed()) == "nothing-new"


async def test_an_overloaded_server_is_not_asked_at_another_address_too(world: World) -> None:
    world.site.pages["/rss"] = RedirectResponse("/new", 301)
    world.site.put("/new", rss(("/a", "Cabai")))
    for _ in range(3):
        await polled(world, world.feed())
    world.site.put("/new", "later", 503)
    assert await polled(world, world.feed()) == "http-503"
    assert world.site.times("/rss") == 3


async def test_a_quick_feed_is_polled_more_often_than_a_quiet_one(world: World) -> None:
    for number in range(12):
        world.site.put("/quick", rss(*((f"/q{n}", f"Q {n}") for n in range(3 * number + 1))))
        world.site.put("/quiet", rss(("/z", "Z")))
        await schedule.synchronise(world.redis, ["quick", "quiet"], world.now)
        for name in ("quick", "quiet"):
            await world.poller().poll(world.feed(f"/{name}", id=name))
        world.now += 600_000
    quick, quiet = await state.load(world.redis, "quick"), await state.load(world.redis, "quiet")
    assert (quick.why, round(quick.gap), round(quick.wait)) == ("rhythm", 200, 100)
    # Nothing for 110 minutes: looked for after a quarter of that, twice.
    assert (quiet.why, quiet.gap, quiet.wait) == ("rhythm", 0, 825)


async def test_a_feed_that_carries_its_articles_whole_needs_no_pages(world: World) -> None:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS * 3)
    world.site.put(
        "/rss",
        '<rss version="2.0" xmlns:c="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<item><title>Whole</title><link>/whole</link><c:encoded><![CDATA[{text}]]></c:encoded></item>"
        "<item><title>Teaser</title><link>/teaser</link><description>Short.</description></item></channel></rss>",
    )
    feed = world.feed(full_text="feed")
    assert await polled(world, feed) == "new-entries"
    (article,) = await stream_bodies(world.redis, RAW)
    assert (article["title"], article["body"].split("\n")[0]) == ("Whole", PARAGRAPHS[0])
    assert [page["title"] for page in await world.found()] == ["Teaser"]
    assert await polled(world, feed) == "nothing-new"
    (today, *_) = (await accounts.days_of_many(world.redis, [feed.id], world.now))[feed.id]
    assert today == {"new": 2, "repeated": 2, "poll:new-entries": 1, "poll:nothing-new": 1}


async def test_of_a_sitemap_index_the_changed_sitemaps_are_read_and_old_news_is_not(world: World) -> None:
    def news(path: str, when: str) -> str:
        return f"<url><loc>{path}</loc><lastmod>{when}</lastmod></url>"

    fresh, old = "2025-06-01T00:00:00Z", "2025-01-01T00:00:00Z"
    world.site.put("/one.xml", f"<urlset>{news('/a', fresh)}{news('/b', old)}</urlset>")
    world.site.put("/two.xml", "broken")
    index = (
        "<sitemapindex><sitemap><loc>/one.xml</loc><lastmod>{}</lastmod></sitemap>"
        "<sitemap><loc>/two.xml</loc><lastmod>2025-06-01T00:00:00Z</lastmod></sitemap></sitemapindex>"
    )
    world.site.put("/rss", index.format("2025-06-01T00:00:00Z"))
    assert await polled(world, world.feed()) == "new-entries"
    assert await polled(world, world.feed()) == "nothing-new"
    assert (world.site.times("/one.xml"), world.site.times("/two.xml")) == (1, 2)
    world.site.put("/one.xml", f"<urlset>{news('/c', fresh)}</urlset>")
    world.site.put("/rss", index.format("2025-06-02T00:00:00Z"))
    assert await polled(world, world.feed()) == "new-entries"
    assert [page["url"] for page in await world.found()] == [f"{world.url}/a", f"{world.url}/c"]
    (today, *_) = (await accounts.days_of_many(world.redis, ["kabar"], world.now))["kabar"]
    assert today == {"new": 2, "old": 1, "poll:new-entries": 2, "poll:nothing-new": 1}


async def test_a_feed_added_at_run_time_is_polled_and_one_removed_is_not(rounds: Rounds) -> None:
    world = rounds.world
    world.site.put("/late", rss(("/late/1", "Late")))
    rounds.write("/a")
    await rounds.turn()
    late = StoredFeed.of(world.feed("/late", id="late"), Origin.COMMAND)
    await store.change(world.redis, [("late", "", late.record)])
    await rounds.turn()
    assert world.site.times("/late") == 1
    await store.change(world.redis, [("late", late.record, "")])
    await rounds.turn()
    assert await rounds.scheduled() == {"a"}


async def test_after_redis_lost_its_memory_the_file_is_brought_again(rounds: Rounds) -> None:
    rounds.write("/a", "/b")
    await rounds.turn()
    await rounds.world.redis.flushall()
    await rounds.turn()
    await rounds.turn()
    assert await rounds.scheduled() == {"a", "b"}


async def test_what_a_feed_asks_for_holds_also_while_nothing_changes(world: World) -> None:
    world.site.pages["/rss"] = with_etag(rss(("/a", "Cabai"), ttl=30), '"v1"')
    assert [await polled(world, world.feed()) for _ in range(2)] == ["new-entries", "not-modified"]
    known = await state.load(world.redis, "kabar")
    assert (known.wait, known.why) == (1_800, "feed")


async def test_a_feed_that_stops_is_flagged_silent_and_polled_seldom(world: World) -> None:
    feed = world.feed()
    for number in range(6):
        world.site.put("/rss", rss(*((f"/{n}", f"Title {n}") for n in range(number + 1))))
        await polled(world, feed)
        world.now += 600_000
    conditions = []
    for _ in range(5):
        await polled(world, feed)
        known = await state.load(world.redis, feed.id)
        conditions.append(condition(known, world.now))
        world.now += 12 * HOUR_MS
    assert conditions == [*[Condition.OK] * 4, Condition.SILENT]
    assert (round(known.gap), known.why) == (600, "longest")


async def test_headers_that_may_be_secrets_stay_with_their_origin(world: World) -> None:
    stranger = TinySite()
    stranger.put("/feed", rss(("/a", "Cabai")))
    stranger.put("/map.xml", "<urlset><url><loc>/b</loc></url></urlset>")
    feed = world.feed(headers={"X-Key": "secret"})
    async with serving(stranger) as elsewhere:
        world.site.pages["/rss"] = RedirectResponse(f"{elsewhere}/feed", 301)
        for _ in range(4):
            await polled(world, feed)
        world.site.put(
            "/index", f"<sitemapindex><sitemap><loc>{elsewhere}/map.xml</loc></sitemap></sitemapindex>"
        )
        await polled(world, world.feed("/index", id="index", headers={"X-Key": "secret"}))
    assert [path for path, _ in stranger.asked] == ["/feed"] * 4 + ["/map.xml"]
    assert not any("x-key" in headers for _, headers in stranger.asked)
    assert all(headers["x-key"] == "secret" for _, headers in world.site.asked)


def page_of_json(first: int, following: str) -> str:
    items = [{"id": str(n), "url": f"/{n}", "title": f"Title {n}"} for n in range(first, first + 2)]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "K", "items": items}
    return json.dumps(feed | ({"next_url": following} if following else {}))


async def test_the_further_pages_of_a_feed_are_read_once(world: World) -> None:
    world.site.put("/rss", page_of_json(0, "/p2"))
    world.site.put("/p2", page_of_json(2, "/p3"))
    world.site.put("/p3", page_of_json(4, "/p2"))
    assert [await polled(world, world.feed()) for _ in range(2)] == ["new-entries", "nothing-new"]
    assert [world.site.times(path) for path in ("/rss", "/p2", "/p3")] == [2, 1, 1]
    assert len(await world.found()) == 6
    # A page that is missing does not hold up what was read.
    world.site.put("/other", page_of_json(10, "/nothing"))
    assert await polled(world, world.feed("/other", id="other")) == "new-entries"
    assert len(await world.found()) == 8


async def test_a_host_that_asks_for_time_gets_it_for_all_its_feeds(world: World) -> None:
    world.site.put("/rss", "slowly", 429)
    world.site.put("/two", rss(("/a", "Cabai")))
    other = world.feed("/two", id="two")
    assert await polled(world, world.feed()) == "http-429"
    assert await polled(world, other) == "host-busy"
    known = await state.load(world.redis, "two")
    assert (known.failures, known.why, 60 < known.wait <= 67) == (0, "host", True)
    assert world.site.times("/two") == 0


async def test_one_request_at_a_time_for_the_feeds_of_a_host(world: World) -> None:
    gate = asyncio.Event()
    world.site.pages["/slow"] = hanging(gate)
    world.site.put("/two", rss(("/a", "Cabai")))
    poller = world.poller()
    slow = asyncio.create_task(poller.poll(world.feed("/slow", id="slow")))
    await eventually(lambda: world.site.times("/slow") == 1)
    waiting = [asyncio.create_task(poller.poll(world.feed("/two", id=f"two-{n}"))) for n in range(4)]
    await eventually(lambda: sum(task.done() for task in waiting) == 2)
    assert [task.result() for task in waiting if task.done()] == ["host-busy"] * 2
    assert world.site.times("/two") == 0
    gate.set()
    assert await slow == "http-503"
    assert Counter([await task for task in waiting]) == {"new-entries": 2, "host-busy": 2}


async def test_sitemaps_without_dates_take_turns_and_those_of_older_indexes_are_forgotten(
    world: World,
) -> None:
    names = [f"/{n}.xml" for n in range(8)]
    for name in names:
        world.site.put(name, f"<urlset><url><loc>{name}-page</loc></url></urlset>", etag='"v1"')
    world.site.put("/rss", index_of(names))
    for _ in range(2):
        await polled(world, world.feed())
        world.now += 1_000
    assert [world.site.times(name) for name in names] == [2, 2, 1, 1, 1, 1, 1, 1]
    assert world.site.last_headers("/0.xml")["if-none-match"] == '"v1"'
    world.site.put("/rss", index_of(names[:2]))
    await polled(world, world.feed())
    remembered = key("feed-children", None, "kabar")
    assert await world.redis.hlen(remembered) == 2


def index_of(names: Sequence[str]) -> str:
    inner = "".join(f"<sitemap><loc>{name}</loc></sitemap>" for name in names)
    return f"<sitemapindex>{inner}</sitemapindex>"


async def test_every_entry_of_a_poll_ends_in_one_counted_word(world: World) -> None:
    items = [("/a", "Cabai"), ("/a", "Cabai"), ("mailto:a@b.example", "Mail"), ("/b", "Beras")]
    world.site.put("/rss", rss(*items))
    await polled(world, world.feed())
    items[3] = ("/b", "Beras naik")
    world.site.put("/rss", rss(*items))
    await polled(world, world.feed())
    world.site.put("/rss", "no", 500)
    await polled(world, world.feed())
    (today, *_) = (await accounts.days_of_many(world.redis, ["kabar"], world.now))["kabar"]
    entries = {word: number for word, number in today.items() if not word.startswith(accounts.POLL)}
    assert entries == {"new": 2, "changed": 1, "repeated": 3, "bad-link": 2}
    assert sum(entries.values()) == 2 * len(items)
    assert (today["poll:new-entries"], today["poll:http-500"]) == (2, 1)


async def test_an_edit_brings_a_feed_that_was_gone_back(rounds: Rounds) -> None:
    world = rounds.world
    world.site.put("/a", "gone", 410)
    rounds.write("/a")
    for _ in range(4):
        await rounds.turn()
        world.now += 24 * HOUR_MS
    assert world.site.times("/a") == 3
    rounds.write("/a", interval=(120, 3_600))
    await rounds.turn()
    assert world.site.times("/a") == 4


async def test_an_address_that_was_edited_while_the_service_stood_is_asked_at_once(rounds: Rounds) -> None:
    world = rounds.world
    world.site.put("/a", "gone", 410)
    rounds.write("/a")
    for _ in range(3):
        await rounds.turn()
        world.now += 24 * HOUR_MS
    rounds.file.write_text(rounds.file.read_text().replace("/a\n", "/b\n"))
    restarted = Rounds(world, rounds.file)
    async with restarted.round:
        await restarted.turn()
    assert world.site.times("/b") == 1

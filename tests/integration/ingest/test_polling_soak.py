"""Ten hours of 2,000 feeds on 200 hosts, on a clock that runs as fast as the work: real Redis, no network."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, cast

from prometheus_client import REGISTRY

from drafts import NOON_MS, settings
from ingest_servers import connected
from warta_ingest.feeds import Feed, FeedEntry, ParsedFeed, store
from warta_ingest.feeds.store import Origin, StoredFeed
from warta_ingest.fetcher import Fetched, FetchError
from warta_ingest.politeness import PoliteFetcher
from warta_ingest.poll import schedule
from warta_ingest.poll.fetching import FeedFetching
from warta_ingest.poll.poller import HOST_BUSY
from warta_ingest.poll.polling import build_poller
from warta_ingest.poll.round import PollRound
from warta_ingest.poll.whole_articles import WholeArticles
from warta_ingest.registry.publisher import ArticlePublisher
from warta_shared.delivery.client import Redis

FEEDS, HOSTS = 2_000, 200
HOUR_MS, STEP_MS = 3_600_000, 30_000
LEASE_MS = 120_000
SHORTEST_MS, LONGEST_MS = 1_200_000, 7_200_000
KILLED_AT, JOINED_AT = 5, 6
# One host answers 503 for some hours in the middle.
SICK_HOST, SICK_FROM, SICK_TO = 7, 3, 7
# The usual minutes between two entries of a feed; the last kind falls silent after hour 4.
QUICK, SLOW, QUIET, STOPPING = 90, 180, 2_880, 29
KINDS = (QUICK, SLOW, QUIET, STOPPING)


@dataclass
class Web:
    """The fetcher's place: what each feed says depends on the time alone; an answer takes up to 25 seconds."""

    now: int = NOON_MS
    polls: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    asking: set[int] = field(default_factory=set)
    twice: int = 0
    tick: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def hour(self) -> float:
        return (self.now - NOON_MS) / HOUR_MS

    async def fetch(self, url: str, _patience: float, **given: Any) -> Fetched:
        number = int(url.rpartition("/")[2])
        self.polls[number].append(self.now)
        self.twice += number in self.asking
        self.asking.add(number)
        try:
            await self._until(self.now + number * 7_919 % 25_000)
        finally:
            self.asking.discard(number)
        if number % HOSTS == SICK_HOST and SICK_FROM <= self.hour < SICK_TO:
            raise FetchError("http-503", "busy", status=503)
        latest = self._latest(KINDS[number % 4])
        known = given.get("etag") == latest
        return Fetched(url, url, (), 304 if known else 200, {}, b"", not_modified=known, etag=latest)

    async def parse(self, fetched: Fetched, _country: str | None) -> ParsedFeed:
        """The latest two entries, with their times."""
        gap, latest = KINDS[int(fetched.url.rpartition("/")[2]) % 4] * 60, int(fetched.etag or 0)
        entries = tuple(
            FeedEntry(f"{fetched.url}/{n}", None, "Title", published=datetime.fromtimestamp(n * gap, UTC))
            for n in (latest, latest - 1)
        )
        return ParsedFeed("", "rss-2.0", entries)

    def step(self) -> None:
        self.now += STEP_MS
        self.tick.set()
        self.tick = asyncio.Event()

    def _latest(self, minutes: int) -> str:
        until = min(self.now, NOON_MS + 4 * HOUR_MS) if minutes == STOPPING else self.now
        return str(until // (minutes * 60_000))

    async def _until(self, moment: int) -> None:
        while self.now < moment:
            await self.tick.wait()


async def no_texts(_fragments: Sequence[str]) -> list[str]:
    raise AssertionError("no feed here carries its articles")


async def free() -> str:
    return ""


def replica(redis: Redis, web: Web) -> PollRound:
    given = settings(polls_at_once=200, poll_lease=LEASE_MS / 1000)
    whole = WholeArticles(ArticlePublisher(lambda: redis, given, lambda: web.now), no_texts)
    fetching = FeedFetching(cast("PoliteFetcher", web), web.parse, given)
    return PollRound(build_poller(lambda: redis, fetching, whole, given, lambda: web.now), None, free)


async def settle(web: Web, rounds: Sequence[PollRound]) -> None:
    """Until every poll that runs waits for its answer."""
    while any(one.running - {f"f{number}" for number in web.asking} for one in rounds):  # noqa: ASYNC110
        await asyncio.sleep(0)


def late_polls() -> dict[str, float]:
    """Polls that began at most so many seconds late, by the metric."""
    name, samples = "warta_poll_drift_seconds_bucket", REGISTRY.get_sample_value
    return {le: samples(name, {"le": le}) or 0.0 for le in ("60.0", "300.0", "+Inf")}


def host_busy() -> float:
    """Polls that asked nothing, because enough others stood in line for their host."""
    return REGISTRY.get_sample_value("warta_polls_total", {"outcome": HOST_BUSY}) or 0.0


async def declare(redis: Redis) -> None:
    interval = {"min": SHORTEST_MS // 1000, "max": LONGEST_MS // 1000}
    feeds = [
        Feed(id=f"f{n}", url=f"https://h{n % HOSTS}.example/{n}", source="S", interval=interval)
        for n in range(FEEDS)
    ]
    await store.change(redis, [(feed.id, "", StoredFeed.of(feed, Origin.COMMAND).record) for feed in feeds])


async def test_ten_hours_of_two_thousand_feeds(redis_url: str) -> None:
    rng, web = random.Random(20260820), Web()
    victims: set[str] = set()
    killed = 0
    before, busy_before = late_polls(), host_busy()
    async with connected(settings(redis_url=redis_url)) as redis:
        await declare(redis)
        rounds = [replica(redis, web), replica(redis, web)]
        while web.hour < 10:
            for one in rng.sample(rounds, len(rounds)):
                await one()
            await settle(web, rounds)
            if web.hour >= KILLED_AT and not victims and rounds[0].running:
                victims, killed = rounds[0].running, web.now
                await rounds.pop(0).__aexit__()  # killed: what it was polling stays leased, and unfinished
            if web.hour == JOINED_AT:
                rounds.append(replica(redis, web))
            web.step()
        for one in rounds:
            await one.__aexit__()
        assert await redis.zcard(schedule.KEY) == FEEDS
    late = {le: count - before[le] for le, count in late_polls().items()}

    assert web.twice == 0, "a feed was polled twice at once"
    assert len(web.polls) == FEEDS, "a feed was never polled"
    longest = max(b - a for at in web.polls.values() for a, b in pairwise([*at, web.now]))
    assert longest <= 1.1 * LONGEST_MS + LEASE_MS + 2 * STEP_MS, "a feed was starved"
    # All are due at the start, and two replicas take 400 at once: those are the ones that are late.
    assert late["300.0"] == late["+Inf"] and late["60.0"] >= 0.9 * late["+Inf"]
    asked = sum(map(len, web.polls.values()))
    assert late["+Inf"] == asked + host_busy() - busy_before and asked > 5 * FEEDS

    assert victims
    for victim in victims:
        taken_over = next(at for at in web.polls[int(victim[1:])] if at > killed)
        assert taken_over - killed <= LEASE_MS + 4 * STEP_MS

    quick, slow, quiet = (mean_wait(web, kind, 4, 10) for kind in range(3))
    assert quick < slow < 1.1 * LONGEST_MS / 60_000 and quiet > 1.2 * quick
    assert mean_wait(web, 3, 0, 4) < 0.7 * mean_wait(web, 3, 8, 10), (
        "one that falls silent is asked less often"
    )

    sick = [[at for at in web.polls[n] if SICK_FROM <= hours(at) < SICK_TO] for n in sick_feeds()]
    for at in sick:
        waits = [b - a for a, b in pairwise(at)]
        assert all(b > 1.5 * a or b >= LONGEST_MS for a, b in pairwise(waits)), "failures back off"
    assert all(hours(web.polls[n][-1]) >= SICK_TO for n in sick_feeds()), "and never give up"


def hours(at: int) -> float:
    return (at - NOON_MS) / HOUR_MS


def sick_feeds() -> range:
    return range(SICK_HOST, FEEDS, HOSTS)


def mean_wait(web: Web, kind: int, since: float, until: float) -> float:
    """Minutes between two polls of a kind of feed in some hours; without the sick host."""
    waits = [
        b - a
        for n in range(kind, FEEDS, len(KINDS))
        if n % HOSTS != SICK_HOST
        for a, b in pairwise(at for at in web.polls[n] if since <= hours(at) < until)
    ]
    return sum(waits) / len(waits) / 60_000

"""Ten hours of 2,000 feeds on 200 hosts, on a clock that runs as fast as the work: real Redis, no network."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, cast

from drafts import NOON_MS, settings
from ingest_servers import connected
from warta_ingest.feeds import Feed, FeedEntry, ParsedFeed, store
from warta_ingest.feeds.store import Origin, StoredFeed
from warta_ingest.fetcher import Fetched, Fetcher, FetchError
from warta_ingest.poll import schedule
from warta_ingest.poll.poller import Poller
from warta_ingest.poll.round import PollRound
from warta_ingest.poll.whole_articles import WholeArticles
from warta_ingest.registry.publisher import ArticlePublisher
from warta_shared.delivery.broker import Redis

FEEDS, HOSTS = 2_000, 200
HOURS_MS, STEP_MS = 10 * 3_600_000, 120_000
LEASE_SECONDS = 120.0
# One host answers 503 for two hours in the middle.
SICK_HOST, SICK_FROM_MS, SICK_TO_MS = 7, 4 * 3_600_000, 6 * 3_600_000
GAPS_MS = (30 * 60_000, 3 * 3_600_000, 48 * 3_600_000)
INTERVAL = {"min": 1_200, "max": 7_200}


def gap_of(number: int) -> int:
    return GAPS_MS[number % len(GAPS_MS)]


@dataclass
class Web:
    """The fetcher's place: what each feed says depends on the time alone."""

    now: int = NOON_MS
    polls: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    asking: set[int] = field(default_factory=set)
    twice: int = 0

    async def fetch(self, url: str, **given: Any) -> Fetched:
        number = int(url.rpartition("/")[2])
        self.polls[number].append(self.now)
        self.twice += number in self.asking
        self.asking.add(number)
        await asyncio.sleep(0)
        self.asking.discard(number)
        if number % HOSTS == SICK_HOST and SICK_FROM_MS <= self.now - NOON_MS < SICK_TO_MS:
            raise FetchError("http-503", "busy")
        latest = str(self.now // gap_of(number))
        known = given.get("etag") == latest
        return Fetched(url, url, (), 304 if known else 200, {}, b"", not_modified=known, etag=latest)

    async def parse(self, fetched: Fetched, _country: str | None) -> ParsedFeed:
        entry = FeedEntry(link=f"{fetched.url}/{fetched.etag}", id=None, title="Title")
        return ParsedFeed("", "rss-2.0", (entry,))


async def no_texts(_fragments: Sequence[str]) -> list[str]:
    raise AssertionError("no feed here carries its articles")


async def free() -> str:
    return ""


def replica(redis: Redis, web: Web) -> PollRound:
    given = settings(polls_at_once=200)
    whole = WholeArticles(ArticlePublisher(lambda: redis, given, lambda: web.now), no_texts)
    fetcher = cast("Fetcher", web)
    return PollRound(Poller(lambda: redis, fetcher, web.parse, whole, given, lambda: web.now), None, free)


async def settle(rounds: Sequence[PollRound]) -> None:
    while any(one.running for one in rounds):  # noqa: ASYNC110 -- what is waited for are tasks of others
        await asyncio.sleep(0)


async def test_ten_hours_of_two_thousand_feeds(redis_url: str) -> None:
    rng = random.Random(20260820)
    web = Web()
    async with connected(settings(redis_url=redis_url)) as redis:
        for number in range(FEEDS):
            feed = Feed(
                id=f"f{number}",
                url=f"https://h{number % HOSTS}.example/{number}",
                source="S",
                interval=INTERVAL,
            )
            await store.change(redis, [(feed.id, "", StoredFeed.of(feed, Origin.COMMAND).record)])
        rounds = [replica(redis, web), replica(redis, web)]
        leased: dict[str, int] = {}
        while web.now < NOON_MS + HOURS_MS:
            hour = (web.now - NOON_MS) / 3_600_000
            if hour == 5:
                # A replica that is killed with 50 feeds in its hands: their leases must run out.
                leased = await schedule.claim(redis, web.now, LEASE_SECONDS, 50)
            for one in rng.sample(rounds, 2):
                await one()
            await settle(rounds)
            web.now += STEP_MS
        assert web.twice == 0
        assert await redis.zcard(schedule.KEY) == FEEDS
    gaps = {number: [b - a for a, b in pairwise(at)] for number, at in web.polls.items()}
    assert len(gaps) == FEEDS, "a feed was never polled"
    # Late by two rounds and, for those of the killed replica, by its lease.
    assert max(max(waits) for waits in gaps.values()) <= 1.1 * 7_200_000 + 2 * STEP_MS + LEASE_SECONDS * 1_000
    means = [_mean([len(web.polls[n]) for n in range(FEEDS) if gap_of(n) == gap]) for gap in GAPS_MS]
    assert means[0] > 1.3 * means[1] > 1.3 * means[2], "quick feeds are polled more often than quiet ones"
    sick = [at for n in range(SICK_HOST, FEEDS, HOSTS) for at in web.polls[n]]
    assert any(at > NOON_MS + SICK_TO_MS for at in sick), "a host that was away is polled again"
    assert leased and all(any(at > NOON_MS + 18_000_000 for at in web.polls[int(f[1:])]) for f in leased)


def _mean(numbers: Sequence[int]) -> float:
    return sum(numbers) / len(numbers)

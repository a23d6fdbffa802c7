"""Drafts onto `articles.raw`: each version once, whoever publishes at the same moment and whatever gets lost."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError

from drafts import NOON_MS, draft, numbered, settings
from ingest_servers import connected, stream_bodies
from warta_ingest.registry.fate import Fate, Result
from warta_ingest.registry.journey import known_record
from warta_ingest.registry.publisher import ArticlePublisher
from warta_ingest.registry.record import NAME, Record, record_place
from warta_ingest.settings import IngestSettings
from warta_local.redis_server import RedisServer
from warta_shared.delivery import markers
from warta_shared.delivery.client import Redis
from warta_shared.delivery.markers import HOUR_MS, Place
from warta_shared.delivery.names import RAW, key, partition_of
from warta_shared.delivery.publish import NotReplicated
from warta_shared.events import RawArticle
from warta_shared.events.article import Status
from warta_shared.registry.known import Known

DAY_MS = 86_400_000


class Clock:
    """Milliseconds since 1970, set by the test."""

    def __init__(self, now: int = NOON_MS) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now


class LosingReplies:
    """A client whose next reply to a script is lost: the script ran, and nobody heard of it."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self.losses = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._redis, name)

    async def eval(self, *arguments: Any) -> Any:
        answer = await self._redis.eval(*arguments)
        if self.losses:
            self.losses -= 1
            raise RedisConnectionError("the reply was lost")
        return answer


@pytest.fixture(params=[0, 8], ids=["plain names", "8 partitions"])
def given(request: pytest.FixtureRequest, redis_url: str) -> IngestSettings:
    return settings(redis_url=redis_url, partitions=request.param)


@pytest.fixture
async def redis(given: IngestSettings) -> AsyncIterator[Redis]:
    async with connected(given) as client:
        yield client


def publisher(redis: Redis, given: IngestSettings, clock: Clock | None = None) -> ArticlePublisher:
    return ArticlePublisher(lambda: redis, given, clock or Clock())


def fates(results: Sequence[Result]) -> list[tuple[Fate, int]]:
    return [(result.fate, result.revision) for result in results]


async def known(redis: Redis, given: IngestSettings, article_id: str) -> Known | None:
    return (await known_record(redis, given.partitions, article_id)).article


async def test_a_new_article_is_published_once_then_unchanged_then_revised(
    redis: Redis, given: IngestSettings
) -> None:
    clock = Clock()
    publish = publisher(redis, given, clock).publish
    assert fates(await publish([draft()])) == [(Fate.PUBLISHED, 1)]
    assert fates(await publish([draft()])) == [(Fate.UNCHANGED, 1)]
    clock.now -= 60_000
    assert fates(await publish([draft(body="It cut its rate.")])) == [(Fate.PUBLISHED, 2)]
    assert fates(await publish([draft(body="It cut its rate.", status=Status.WITHDRAWN)])) == [
        (Fate.PUBLISHED, 2)
    ]
    articles = [RawArticle.model_validate(body) for body in await stream_bodies(redis, RAW, given.partitions)]
    assert [(a.revision, a.observed_at, a.status) for a in articles] == [
        (1, NOON_MS, Status.USABLE),
        (2, NOON_MS + 1, Status.USABLE),
        (2, NOON_MS + 2, Status.WITHDRAWN),
    ]
    assert len({article.first_seen_at for article in articles}) == 1


async def test_entries_say_what_their_article_is(redis: Redis, given: IngestSettings) -> None:
    trace = f"00-{'ab' * 16}-{'cd' * 8}-01"
    await publisher(redis, given).publish([draft()], trace)
    name = key(RAW, partition_of(draft().id, given.partitions))
    [(_, fields)] = await redis.xrange(name)
    assert fields[b"id"] == draft().id.encode()
    assert (fields[b"observed_at"], fields[b"traceparent"]) == (str(NOON_MS).encode(), trace.encode())


async def test_many_articles_keep_their_order_in_the_results(redis: Redis, given: IngestSettings) -> None:
    drafts = [numbered(number) for number in range(450)]
    publish = publisher(redis, given).publish
    results = await publish(drafts)
    assert [result.id for result in results] == [one.id for one in drafts]
    assert Counter(fates(results)) == {(Fate.PUBLISHED, 1): 450}
    assert Counter(fates(await publish(drafts[::-1]))) == {(Fate.UNCHANGED, 1): 450}
    bodies = await stream_bodies(redis, RAW, given.partitions)
    assert {body["id"] for body in bodies} == {one.id for one in drafts}
    assert len(bodies) == 450


async def test_of_several_versions_in_one_call_the_last_counts(redis: Redis, given: IngestSettings) -> None:
    versions = [draft(body="First."), numbered(1), draft(body="Second."), draft(body="Third.")]
    expected = [
        (Fate.SUPERSEDED, 1),
        (Fate.PUBLISHED, 1),
        (Fate.SUPERSEDED, 1),
        (Fate.PUBLISHED, 1),
    ]
    publish = publisher(redis, given).publish
    assert fates(await publish(versions)) == expected
    repeated = fates(await publish(versions))
    assert repeated == [(Fate.UNCHANGED if f is Fate.PUBLISHED else f, r) for f, r in expected]
    bodies = await stream_bodies(redis, RAW, given.partitions)
    assert sorted(body["body"] for body in bodies) == sorted(["Third.", numbered(1).body])


async def test_publishers_at_the_same_moment_make_one_entry_of_one_version(
    redis: Redis, given: IngestSettings
) -> None:
    """Each replica has its own clock, and all have read the registry before any of them wrote."""
    drafts = [numbered(number) for number in range(20)]
    publishers = [publisher(redis, given, Clock(NOON_MS + skew)) for skew in range(10)]
    told = await asyncio.gather(*(one.publish(drafts) for one in publishers))
    assert {fate for results in told for fate in fates(results)} <= {(Fate.PUBLISHED, 1), (Fate.UNCHANGED, 1)}
    bodies = await stream_bodies(redis, RAW, given.partitions)
    assert Counter(body["id"] for body in bodies) == {one.id: 1 for one in drafts}


async def test_different_versions_at_the_same_moment_become_revisions_in_a_row(
    redis: Redis, given: IngestSettings
) -> None:
    publishers = [publisher(redis, given, Clock(NOON_MS - 1_000 * number)) for number in range(8)]
    versions = [draft(body=f"Version {number}.") for number in range(8)]
    told = await asyncio.gather(*(p.publish([v]) for p, v in zip(publishers, versions, strict=True)))
    assert sorted(results[0].revision for results in told) == list(range(1, 9))
    bodies = await stream_bodies(redis, RAW, given.partitions)
    assert [body["revision"] for body in bodies] == list(range(1, 9))
    instants = [body["observed_at"] for body in bodies]
    assert instants == sorted(set(instants))
    last = await known(redis, given, draft().id)
    assert last and (last.revision, last.observed_at) == (8, instants[-1])


async def test_a_lost_reply_repeated_adds_nothing(redis: Redis, given: IngestSettings) -> None:
    losing = LosingReplies(redis)
    losing.losses = 1
    drafts = [numbered(number) for number in range(30)]
    with pytest.raises(RedisConnectionError):
        await publisher(losing, given).publish(drafts)
    later = publisher(losing, given, Clock(NOON_MS + 500))
    results = await later.publish(drafts)
    assert {result.revision for result in results} == {1}
    assert Fate.UNCHANGED in {result.fate for result in results}
    bodies = await stream_bodies(redis, RAW, given.partitions)
    assert Counter(body["id"] for body in bodies) == {one.id: 1 for one in drafts}


async def test_a_call_that_broke_between_partitions_is_safe_to_repeat(redis: Redis, redis_url: str) -> None:
    given = settings(redis_url=redis_url, partitions=8)
    drafts = [numbered(number) for number in range(40)]
    breaking = Breaking(redis, after=3)
    with pytest.raises(RedisConnectionError):
        await publisher(breaking, given).publish(drafts)
    before = len(await stream_bodies(redis, RAW, 8))
    assert 0 < before < 40
    results = await publisher(redis, given, Clock(NOON_MS + 500)).publish(drafts)
    assert Counter(result.fate for result in results) == {Fate.UNCHANGED: before, Fate.PUBLISHED: 40 - before}
    assert Counter(body["id"] for body in await stream_bodies(redis, RAW, 8)) == {one.id: 1 for one in drafts}


class Breaking:
    """A client whose connection breaks before the script after `after` of them."""

    def __init__(self, redis: Redis, after: int) -> None:
        self._redis = redis
        self._left = after

    def __getattr__(self, name: str) -> Any:
        return getattr(self._redis, name)

    async def eval(self, *arguments: Any) -> Any:
        if not self._left:
            raise RedisConnectionError("gone")
        self._left -= 1
        return await self._redis.eval(*arguments)


async def test_an_invalid_draft_spoils_no_other(redis: Redis, given: IngestSettings) -> None:
    results = await publisher(redis, given).publish(
        [numbered(1), numbered(2, title="x" * 1_001), numbered(3)]
    )
    assert [result.fate for result in results] == [Fate.PUBLISHED, Fate.INVALID, Fate.PUBLISHED]
    assert "title" in results[1].detail
    assert len(await stream_bodies(redis, RAW, given.partitions)) == 2


async def test_what_changes_too_often_is_capped_and_says_for_how_long(redis: Redis, redis_url: str) -> None:
    given = settings(redis_url=redis_url, max_revisions_per_hour=2)
    publish = publisher(redis, given).publish
    for number in range(3):
        assert fates(await publish([draft(body=f"Version {number}.")])) == [(Fate.PUBLISHED, number + 1)]
    [capped] = await publish([draft(body="Version 3.")])
    assert (capped.fate, capped.revision, capped.retry_after) == (Fate.CAPPED, 3, 3_600.0)
    assert len(await stream_bodies(redis, RAW)) == 3


@pytest.mark.parametrize("foreign", [b"", b"garbage", b"\xff\xfe", b"9" * 5_000, b"1.2.3.4.5.6.7"])
async def test_a_record_that_is_not_ours_stands_in_no_articles_way(
    redis: Redis, given: IngestSettings, foreign: bytes
) -> None:
    await redis.hset(*record_place(draft().id, given.partitions), foreign)
    assert fates(await publisher(redis, given).publish([draft()])) == [(Fate.PUBLISHED, 1)]
    assert fates(await publisher(redis, given).publish([draft()])) == [(Fate.UNCHANGED, 1)]


async def test_the_record_of_an_article_that_is_still_seen_lives_on(
    redis: Redis, given: IngestSettings
) -> None:
    clock = Clock(time.time_ns() // 1_000_000)
    publish = publisher(redis, given, clock).publish
    await publish([draft()])
    bucket, field = record_place(draft().id, given.partitions)
    first, old = await redis.hget(bucket, field), 24 * 29
    await redis.pexpire(bucket, 5 * DAY_MS)

    async def written(hours_ago: int) -> None:
        hour = clock.now // HOUR_MS - hours_ago
        await redis.hset(bucket, field, hour.to_bytes(3) + first[3:])

    await written(old)
    await publish([draft()])
    assert await redis.pttl(bucket) <= 5 * DAY_MS
    await written(old + 48)
    assert fates(await publish([draft()])) == [(Fate.UNCHANGED, 1)]
    assert await redis.pttl(bucket) > 89 * DAY_MS
    assert await redis.hget(bucket, field) == first
    assert len(await stream_bodies(redis, RAW, given.partitions)) == 1


async def test_records_that_were_not_written_for_the_registrys_days_are_cleared_from_their_hash(
    redis: Redis, given: IngestSettings
) -> None:
    """By one write in 32, that of an id whose last byte says so; the others leave them."""
    bucket = "registry-of-a-test"
    now = time.time_ns() // 1_000_000 // HOUR_MS
    for days in (1, 89, 92, 400):
        await redis.hset(bucket, str(days), (now - 24 * days).to_bytes(3) + b"x")
    assert await markers.amend(redis, Place(bucket, b"id-1"), b"", b"new", given.registry_seconds)
    assert await redis.hlen(bucket) == 5
    assert await markers.amend(redis, Place(bucket, b"id-\x20"), b"", b"new", given.registry_seconds)
    assert set(await redis.hkeys(bucket)) == {b"1", b"89", b"id-1", b"id-\x20"}


async def test_every_record_is_read_bucket_by_bucket(redis: Redis, given: IngestSettings) -> None:
    drafts = [numbered(number) for number in range(300)]
    await publisher(redis, given).publish(drafts)
    told = [
        (identity, Record.unpacked(marked.marker, identity).article is not None)
        async for identity, marked in markers.every(redis, NAME, given.partitions)
    ]
    assert sorted(told) == sorted((one.id, True) for one in drafts)


async def test_with_replicas_a_repeat_waits_for_them_too(redis_server: RedisServer) -> None:
    """Unchanged may mean: published a moment ago, and no replica had it. There is no replica here."""
    given = settings(redis_url=redis_server.url, replicas_ack=1, replicas_timeout=0.05)
    async with connected(given) as redis:
        for _ in range(2):
            with pytest.raises(NotReplicated):
                await publisher(redis, given).publish([draft()])
        assert len(await stream_bodies(redis, RAW)) == 1


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[RedisServer]:
    """It knows WAITAOF, as Redis does from 7.2 on."""
    with RedisServer(tmp_path / "valkey", engine="valkey") as server:
        yield server


async def test_with_fsync_ack_accepted_means_on_the_disk(valkey: RedisServer) -> None:
    given = settings(redis_url=valkey.url, fsync_ack=True)
    async with connected(given) as redis:
        await redis.config_set(
            "appendfsync", "no"
        )  # the disk is asked for nothing but what a publish waits for
        with pytest.raises(NotReplicated, match="0 of 1 disks"):
            await publisher(redis, settings(redis_url=valkey.url, fsync_ack=True, fsync_timeout=0.1)).publish(
                [draft()]
            )
        await redis.config_set("appendfsync", "everysec")
        [again] = await publisher(redis, given).publish([draft()])
        assert again.fate is Fate.UNCHANGED  # and it has waited, too
        assert (await redis.execute_command("WAITAOF", 1, 0, 1))[0] == 1
        assert len(await stream_bodies(redis, RAW)) == 1

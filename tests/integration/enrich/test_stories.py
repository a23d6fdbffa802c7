"""Stories under a real Redis: near-copies share one, distinct articles do not, and all workers agree."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import random
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from enriched_articles import enriched_article
from near_copies import cut, edited, framed, text
from warta_enrich.stories.joining import Signed, Stories
from warta_enrich.stories.signature import signature
from warta_local.redis_server import RedisServer
from warta_shared.events import EnrichedArticle
from warta_shared.secrets.redis_acl import COMMANDS, KEYS

DAY = 86_400
NOON = datetime(2025, 6, 2, 12, tzinfo=UTC)


def identity(number: int) -> str:
    return base64.b32encode(hashlib.sha256(b"%d" % number).digest()[:16]).decode().rstrip("=").lower()


def signed(number: int, words: list[str], **given: Any) -> Signed:
    article = enriched_article(id=identity(number), **{"first_seen_at": NOON, "published_at": None} | given)
    return Signed(article, signature(words))


@dataclass
class World:
    """Redis, and the story step on a clock that the test moves."""

    redis: Redis
    now: float = field(default_factory=time.time)  # Redis ends keys by its own clock

    def stories(self, days: float = 7.0) -> Stories:
        return Stories(lambda: self.redis, days * DAY, lambda: self.now)  # type: ignore[arg-type, return-value]

    async def join(self, *all_signed: Signed) -> list[EnrichedArticle]:
        return await self.stories().joined(all_signed)

    async def story(self, number: int, words: list[str], **given: Any) -> str:
        [one] = await self.join(signed(number, words, **given))
        return str(one.story_id)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with RedisServer(tmp_path_factory.mktemp("redis")) as one:
        yield one


@pytest.fixture
async def world(server: RedisServer) -> AsyncIterator[World]:
    async with Redis(port=server.port) as redis:
        await redis.config_set("maxmemory", 0)
        await redis.flushall()
        yield World(redis)


@pytest.fixture
def chance() -> random.Random:
    return random.Random(20250602)


async def test_an_article_like_none_is_a_story_of_its_own(world: World, chance: random.Random) -> None:
    [one] = await world.join(signed(1, text(chance)))
    assert (one.story_id, one.story_source) == (one.id, one.source.id)


async def test_a_copy_joins_the_story_and_names_who_had_it_first(world: World, chance: random.Random) -> None:
    words = text(chance)
    first = enriched_article().source.model_copy(update={"id": "FIRST"})
    await world.join(signed(1, words, source=first))
    [copy] = await world.join(signed(2, edited(words, chance)))
    [copy_of_copy] = await world.join(signed(3, framed(words, chance)))
    assert (copy.story_id, copy.story_source) == (identity(1), "FIRST")
    assert (copy_of_copy.story_id, copy_of_copy.story_source) == (identity(1), "FIRST")


@pytest.mark.parametrize("change", [edited, cut, framed])
async def test_nearly_all_copies_are_found(
    world: World, chance: random.Random, change: Callable[[list[str], random.Random], list[str]]
) -> None:
    texts = [text(chance) for _ in range(600)]
    await world.join(*(signed(number, words) for number, words in enumerate(texts)))
    copies = [signed(1_000 + number, change(words, chance)) for number, words in enumerate(texts)]
    found = await world.join(*copies)
    right = sum(one.story_id == identity(number) for number, one in enumerate(found))
    assert right >= 0.985 * len(texts)
    assert not [one for number, one in enumerate(found) if one.story_id not in {one.id, identity(number)}]


async def test_distinct_articles_are_never_joined(world: World, chance: random.Random) -> None:
    """Each has a fifth of its words in common with many others: the lines that a site puts below everything."""
    below = text(chance, 60)
    many = [signed(number, [*text(chance, 240), *below]) for number in range(3_000)]
    found = await world.join(*many)
    assert [one.id for one in found if one.story_id != one.id] == []


async def test_a_revision_and_a_redelivery_keep_their_story(world: World, chance: random.Random) -> None:
    words, other = text(chance), text(chance)
    await world.story(1, words)
    assert await world.story(2, edited(words, chance)) == identity(1)
    assert await world.story(2, edited(words, chance)) == identity(1)  # given out again
    assert await world.story(2, other) == identity(1)  # rewritten from end to end
    assert await world.story(1, other) == identity(1)
    assert await world.story(3, edited(other, chance)) == identity(1)  # a copy of what it became


async def test_a_withdrawn_article_keeps_its_story_and_what_it_was_like(
    world: World, chance: random.Random
) -> None:
    words = text(chance)
    await world.story(1, words)
    assert await world.story(1, []) == identity(1)
    assert await world.story(2, edited(words, chance)) == identity(1)


async def test_texts_too_short_to_compare_stay_alone(world: World) -> None:
    assert await world.story(1, ["satu", "dua", "tiga"]) == identity(1)
    assert await world.story(2, ["satu", "dua", "tiga"]) == identity(2)
    assert await world.story(3, []) == identity(3)


async def test_the_window_counts_from_article_to_article(world: World, chance: random.Random) -> None:
    words = text(chance)
    await world.story(1, words, published_at=NOON)
    assert await world.story(2, words, published_at=NOON + timedelta(days=7, minutes=1)) == identity(2)
    assert await world.story(3, words, published_at=NOON - timedelta(days=7, minutes=1)) == identity(3)


async def test_it_is_remembered_for_the_window_and_forgotten_after_two(
    world: World, chance: random.Random
) -> None:
    words = text(chance)
    world.now = (world.now // (7 * DAY)) * 7 * DAY + 7 * DAY - 60  # a minute before a generation ends
    await world.story(1, words)
    world.now += 6.9 * DAY
    assert await world.story(2, words) == identity(1)
    keys = [key async for key in world.redis.scan_iter("story*")]
    ends = {await world.redis.expiretime(key) for key in keys}
    assert len(ends) == 2
    assert all(0 < end - world.now <= 14 * DAY for end in ends)


async def test_workers_at_the_same_time_agree(world: World, chance: random.Random) -> None:
    texts = [text(chance) for _ in range(40)]
    batches = [
        [signed(100 * copy + number, edited(words, chance, 0.05)) for number, words in enumerate(texts)]
        for copy in range(6)
    ]
    for batch in batches:
        chance.shuffle(batch)
    found = await asyncio.gather(*(world.stories().joined(batch) for batch in batches))
    stories: dict[int, set[str]] = {}
    for batch, joined in zip(batches, found, strict=True):
        for one, done in zip(batch, joined, strict=True):
            number = next(n for n in range(600) if identity(n) == one.article.id) % 100
            stories.setdefault(number, set()).add(str(done.story_id))
    assert {number: len(ids) for number, ids in stories.items()} == dict.fromkeys(range(40), 1)


async def test_without_memory_news_goes_on(world: World, chance: random.Random) -> None:
    words = text(chance)
    await world.story(1, words)
    await world.redis.config_set("maxmemory", 1)
    [one] = await world.join(signed(2, words))
    assert (one.story_id, one.story_source) == (one.id, one.source.id)
    await world.redis.config_set("maxmemory", 0)
    assert await world.story(2, words) == identity(1)


async def test_a_redis_that_is_away_is_told() -> None:
    away = Redis(port=1)
    with pytest.raises(RedisConnectionError):
        await Stories(lambda: away, DAY).joined([signed(1, [])])  # type: ignore[arg-type, return-value]


async def test_the_services_redis_user_may_do_it(
    world: World, server: RedisServer, chance: random.Random
) -> None:
    rights = f"on >pw resetkeys -@all {KEYS['enrich']} {COMMANDS['enrich']}".split()
    await world.redis.execute_command("ACL", "SETUSER", "enrich", "reset", *rights)
    async with Redis(port=server.port, username="enrich", password="pw") as theirs:
        words = text(chance)
        stories = Stories(lambda: theirs, 7 * DAY, lambda: world.now)  # type: ignore[arg-type, return-value]
        found = await stories.joined([signed(1, words), signed(2, words)])
    assert [one.story_id for one in found] == [identity(1)] * 2

"""Feeds in Redis: the file's are its state, those of commands are left alone, everyone follows."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from drafts import feed, settings
from ingest_servers import connected
from warta_ingest.feeds import store
from warta_ingest.feeds.store import ANY, Origin, StoredFeed
from warta_shared.delivery.client import Redis


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with connected(settings(redis_url=redis_url)) as connection:
        yield connection


def record(identity: str, origin: Origin = Origin.COMMAND, **given: object) -> str:
    return StoredFeed.of(feed(id=identity, url=f"https://{identity}.example/", **given), origin).record


async def test_a_change_counts_once_and_only_if_it_is_one(redis: Redis) -> None:
    assert await store.revision(redis) == 0
    assert await store.change(redis, [("a", "", record("a")), ("b", "", record("b"))]) == []
    assert await store.change(redis, [("a", ANY, record("a"))]) == []
    number, feeds = await store.stored_feeds(redis)
    assert (number, list(feeds)) == (1, ["a", "b"])
    assert await store.change(redis, [("a", record("a"), "")]) == []
    assert [*(await store.stored_feeds(redis))[1]] == ["b"]


async def test_what_somebody_else_has_changed_stays_as_it_is(redis: Redis) -> None:
    await store.change(redis, [("a", "", record("a"))])
    mine = record("a", name="Mine")
    await store.change(redis, [("a", record("a"), record("a", name="Theirs"))])
    assert await store.change(redis, [("a", record("a"), mine), ("b", "", record("b"))]) == ["a"]
    _, feeds = await store.stored_feeds(redis)
    assert (feeds["a"].feed.name, "b" in feeds) == ("Theirs", True)


async def test_the_file_is_the_state_of_its_own_feeds(redis: Redis) -> None:
    await store.change(redis, [("command", "", record("command")), ("taken", "", record("taken"))])
    declared = [feed(id="one", url="https://one.example/"), feed(id="taken", url="https://t.example/")]
    await store.change(redis, store.of_file((await store.stored_feeds(redis))[1], declared))
    _, feeds = await store.stored_feeds(redis)
    assert {identity: one.origin for identity, one in feeds.items()} == {
        "command": Origin.COMMAND, "one": Origin.FILE, "taken": Origin.FILE,
    }  # fmt: skip
    assert store.of_file(feeds, declared) == []
    await store.change(redis, store.of_file(feeds, declared[:1]))
    assert [*(await store.stored_feeds(redis))[1]] == ["command", "one"]


@pytest.mark.parametrize("broken", [b"", b"{", b"[]", b"\xff", b'{"origin":"x","feed":{}}'])
async def test_a_broken_record_costs_no_other_feed(redis: Redis, broken: bytes) -> None:
    await store.change(redis, [("a", "", record("a"))])
    await redis.hset(store.KEY, "broken", broken)
    assert [*(await store.stored_feeds(redis))[1]] == ["a"]


async def test_headers_come_back_whole_and_are_shown_hidden(redis: Redis) -> None:
    await store.change(redis, [("a", "", record("a", headers={"X-Key": "secret"}))])
    known = (await store.stored_feeds(redis))[1]["a"].feed
    assert (known.headers, known.shown()["headers"]) == ({"X-Key": "secret"}, {"X-Key": "***"})
    assert "secret" not in repr(known)

"""What Redis held is there again after it was lost: on one server, with partitions, and on a cluster."""

from __future__ import annotations

from typing import Any

from streams import Streams

from builders import ID, raw_entry
from warta_shared.delivery import markers
from warta_shared.delivery.client import Redis
from warta_shared.delivery.groups import ensure_groups
from warta_shared.delivery.hop import ENRICH, HOPS
from warta_shared.delivery.names import DEAD, RAW, partition_of, stream
from warta_shared.delivery.publish import Publication, publish
from warta_shared.keyspace.kept import WRITTEN, Part
from warta_shared.keyspace.reading import VALUES_MAX, records
from warta_shared.keyspace.record import Record
from warta_shared.keyspace.removal import holds_articles, remove_all
from warta_shared.keyspace.unsettled import unsettled
from warta_shared.keyspace.writing import write

DAY_MS = 86_400_000
ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
IDS = [one + ID[1:] for one in ALPHABET]

Kept = dict[Part, list[Record]]


async def keep(redis: Redis, partitions: int) -> Kept:
    """By way of lines, as a backup does."""
    found = {part: [one async for one in records(redis, part)] for part in (Part.STATE, Part.REGISTRY)}
    found[Part.STREAMS] = [one async for one in unsettled(redis, partitions)]
    return {part: [Record.read(one.line()) for one in held] for part, held in found.items()}


async def write_back(redis: Redis, kept: Kept) -> None:
    for part in WRITTEN:
        await write(redis, kept[part])


async def published(streams: Streams, settings: Any, ids: list[str]) -> None:
    for one in ids:
        partition = partition_of(one, streams.count)
        place = markers.place("registry", one, streams.count)
        publication = Publication(raw_entry(id=one), place, b"", b"\x11\xff" + one.encode())
        await publish(streams.redis, settings, RAW, partition, [publication], marker_lifetime=90 * 86_400)


async def registry(streams: Streams) -> dict[str, bytes]:
    return {one: held.marker async for one, held in markers.every(streams.redis, "registry", streams.count)}


async def state_of(redis: Redis) -> dict[str, Any]:
    return {
        "feed": await redis.hgetall("feed:a"),
        "feeds": await redis.hgetall("feeds:declared"),
        "due": await redis.zrange("feeds:due", 0, -1, withscores=True),
        "run": await redis.get("reenrich-run:x"),
        "story": await redis.hgetall("story.{story}:r5:1f"),
    }


async def some_state(redis: Redis) -> None:
    await redis.hset("feed:a", mapping={"etag": '"1"', "raw": b"\xff\x00"})
    await redis.hset("feeds:declared", mapping={"#revision": 4, "a": "{}"})
    await redis.zadd("feeds:due", {"a": 1_764_000_000_123, "b": 1.5})
    await redis.set("reenrich-run:x", b"{}", px=DAY_MS)
    await redis.hset("story.{story}:r5:1f", mapping={b"\x80": b"\x81"})
    await redis.pexpire("story.{story}:r5:1f", DAY_MS)
    await redis.set("host-turn:news.example", b"x")


async def test_all_is_there_again(streams: Streams, everywhere: Any) -> None:
    redis, settings = streams.redis, everywhere.settings()
    await some_state(redis)
    await published(streams, settings, IDS)
    before = await state_of(redis), await registry(streams), await streams.entries(RAW)
    kept = await keep(redis, streams.count)
    assert await holds_articles(redis)
    await remove_all(redis)
    assert not await holds_articles(redis)
    assert await redis.get("host-turn:news.example") == b"x"
    await write_back(redis, kept)
    assert (await state_of(redis), await registry(streams), await streams.entries(RAW)) == before
    assert len(before[1]) == len(before[2]) == len(IDS)
    bucket = markers.place("registry", IDS[0], streams.count).bucket
    assert 89 * DAY_MS < await redis.pttl(bucket) <= 91 * DAY_MS
    assert 0 < await redis.pttl("story.{story}:r5:1f") <= DAY_MS
    assert await redis.pttl("feed:a") == -1
    # Published once more, it is known.
    await published(streams, settings, IDS)
    assert len(await streams.entries(RAW)) == len(IDS)


async def test_twice_changes_nothing_and_what_came_later_stays(streams: Streams, everywhere: Any) -> None:
    redis = streams.redis
    await some_state(redis)
    await published(streams, everywhere.settings(), IDS[:3])
    dead = stream(DEAD, partition_of(IDS[0], streams.count))
    letter = await redis.xadd(dead, {"body": "{}"})
    kept = await keep(redis, streams.count)
    await redis.hset("feed:a", "etag", '"2"')
    await write_back(redis, kept)
    await write_back(redis, kept)
    assert await redis.hget("feed:a", "etag") == b'"2"'
    assert [entry for entry, _ in await streams.entries(DEAD)] == [letter.decode()]
    assert len(await streams.entries(RAW)) == 3
    assert int(await redis.hget("feeds:declared", "#revision")) > 4
    await redis.delete(dead)
    newer = await redis.xadd(dead, {"body": "new"})
    await write_back(redis, kept)
    bodies = [fields[b"body"] for _, fields in await streams.entries(DEAD)]
    assert (bodies[0], await redis.xrange(dead, newer, newer) != []) == (b"new", True)
    assert set(bodies) == {b"new", b"{}"}


async def test_only_what_is_not_settled_is_kept_of_a_stream(streams: Streams, everywhere: Any) -> None:
    redis = streams.redis
    await ensure_groups(redis, HOPS, streams.count)
    partition = partition_of(IDS[0], streams.count)
    source = stream(RAW, partition)
    entries = [(await redis.xadd(source, {"n": number})).decode() for number in range(6)]
    await redis.xreadgroup(ENRICH.name, "c", {source: ">"}, count=4)

    async def ids() -> list[str]:
        return [one.id async for one in unsettled(redis, streams.count)]

    assert await ids() == entries
    await redis.xack(source, ENRICH.name, *entries[:2])
    assert await ids() == entries[2:]
    await redis.xack(source, ENRICH.name, *entries[2:4])
    assert await ids() == entries[4:]
    await redis.xreadgroup(ENRICH.name, "c", {source: ">"})
    await redis.xack(source, ENRICH.name, *entries[4:])
    assert await ids() == []


async def test_a_large_hash_is_several_lines(streams: Streams) -> None:
    fields = {f"f{number}": number for number in range(VALUES_MAX)}
    await streams.redis.hset("feed-children:a", mapping=fields)
    kept = await keep(streams.redis, streams.count)
    assert [len(one.values) for one in kept[Part.STATE]] == [VALUES_MAX, VALUES_MAX]
    await remove_all(streams.redis)
    await write_back(streams.redis, kept)
    assert await streams.redis.hlen("feed-children:a") == VALUES_MAX

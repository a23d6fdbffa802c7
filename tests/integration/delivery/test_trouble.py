"""Redis in trouble: memory full, flushed, killed; and a worker told to stop."""

from __future__ import annotations

import pytest
from redis.exceptions import RedisError
from streams import Streams
from worker_process import Start, eventually

from warta_local.redis_server import RedisServer
from warta_shared.delivery.backlog import refusal
from warta_shared.delivery.markers import Place
from warta_shared.delivery.names import ENRICHED, RAW
from warta_shared.delivery.publish import Answer, NotReplicated, Publication, publish
from warta_shared.delivery.trim import trim
from warta_shared.events import Entry
from warta_shared.settings import DeliverySettings

NAMES = [f"article{n}" for n in range(50)]


async def test_full_memory_refuses_producers_and_lets_a_restarted_consumer_drain(
    own: Streams, server: RedisServer, start_own: Start
) -> None:
    await own.put(dict.fromkeys(NAMES, "copy"))
    first = start_own()
    await eventually(own.settled, bool, "the first drain")
    assert first.stop() == 0
    await own.put({name + "b": "copy" for name in NAMES})
    await own.redis.config_set("maxmemory", "1")
    settings = DeliverySettings(redis_url=server.url)
    assert await refusal(own.redis, settings) == "memory"
    publication = Publication(Entry("x", b"copy"), Place("seen", b"x"), b"", b"1")
    with pytest.raises(RedisError):
        await publish(own.redis, settings, RAW, None, [publication], marker_lifetime=60)
    assert not await own.redis.exists("seen")
    start_own()
    await eventually(own.settled, bool, "the second drain")
    assert len(await own.output()) == 100


async def test_a_flush_ends_the_process_and_the_next_one_goes_on(own: Streams, start_own: Start) -> None:
    worker = start_own()
    await worker.ready()
    await own.redis.flushall()
    assert await worker.ended() == 1
    await own.put({"after": "copy"})
    start_own()
    await eventually(own.settled, bool, "the drain after the flush")
    assert await own.output() == {"after": 1}


async def test_a_killed_redis_comes_back_and_nothing_acknowledged_is_missing(
    own: Streams, server: RedisServer, start_own: Start
) -> None:
    await own.redis.config_set("appendfsync", "always")
    worker = start_own(batch_delay=0.02, batch_size=5)
    await worker.ready()
    await own.put(dict.fromkeys(NAMES, "copy"))
    server.kill()
    server.restart()
    await eventually(own.settled, bool, "the drain after the restart", 40)
    assert await own.output() == dict.fromkeys(NAMES, 1)


async def test_a_target_of_the_wrong_type_loses_nothing(own: Streams, start_own: Start) -> None:
    await own.redis.set(ENRICHED, "not a stream")
    await own.put(dict.fromkeys(NAMES, "copy"))
    await start_own().ready()
    await eventually(own.pending, lambda pending: len(pending) == len(NAMES), "everything pending")
    await own.redis.delete(ENRICHED)
    await eventually(own.settled, bool, "the drain after mending", 40)
    assert await own.output() == dict.fromkeys(NAMES, 1)


async def test_told_to_stop_it_finishes_what_it_has_in_hand(own: Streams, start_own: Start) -> None:
    await own.put(dict.fromkeys(NAMES, "copy"))
    worker = start_own(batch_delay=0.2, batch_size=5)
    await eventually(own.output, lambda output: len(output) >= 5, "a first batch")
    assert worker.stop() == 0
    output = await own.output()
    assert set(output.values()) == {1}
    assert (await own.backlog()).total == len(NAMES) - len(output)


async def test_trimming_takes_only_what_every_group_has_settled(own: Streams, start_own: Start) -> None:
    await own.put(dict.fromkeys(NAMES, "copy"))
    assert await trim(own.redis, RAW, 0) == 0
    worker = start_own()
    await eventually(own.settled, bool, "the drain")
    await own.redis.xgroup_create(RAW, "reader-of-yours", id="0")
    await trim(own.redis, RAW, 0)
    assert await own.redis.xlen(RAW) == len(NAMES)
    await own.redis.xgroup_destroy(RAW, "reader-of-yours")
    assert await trim(own.redis, RAW, 0, replay_window=3_600) == 0
    await trim(own.redis, RAW, 0)
    assert await own.redis.xlen(RAW) <= 1
    assert worker.stop() == 0


async def test_publishing_is_idempotent_and_tells_a_conflict(own: Streams, server: RedisServer) -> None:
    settings = DeliverySettings(redis_url=server.url)

    async def put(expected: bytes, new: bytes) -> list[Answer]:
        publication = Publication(Entry("a", b"copy"), Place("seen", b"a"), expected, new)
        return await publish(own.redis, settings, RAW, None, [publication], marker_lifetime=60)

    assert await put(b"", b"1") == [Answer.PUBLISHED]
    assert await put(b"", b"1") == [Answer.REPEATED]
    assert await put(b"", b"2") == [Answer.CONFLICT]
    assert await put(b"1", b"2") == [Answer.PUBLISHED]
    assert await own.redis.xlen(RAW) == 2


async def test_a_promise_that_needs_a_replica_is_not_given_without_one(
    own: Streams, server: RedisServer
) -> None:
    settings = DeliverySettings(redis_url=server.url, replicas_ack=1, replicas_timeout=0.2)
    publication = Publication(Entry("a", b"copy"), Place("seen", b"a"), b"", b"1")
    with pytest.raises(NotReplicated):
        await publish(own.redis, settings, RAW, None, [publication], marker_lifetime=60)

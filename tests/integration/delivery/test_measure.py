"""How a hop is doing: age, dead letters and what went unread, as real streams of each kind have them."""

from __future__ import annotations

import math
import time

from prometheus_client import REGISTRY
from pydantic import SecretStr
from streams import Streams
from worker_process import Start, eventually

from warta_local.redis_server import RedisServer
from warta_shared.delivery.broker import connection, make_broker
from warta_shared.delivery.commit import Received, Settled, commit
from warta_shared.delivery.groups import ensure_groups
from warta_shared.delivery.hop import ENRICH
from warta_shared.delivery.measure import _residual, measure, oldest_age
from warta_shared.delivery.names import DEAD, RAW, stream
from warta_shared.delivery.outcome import Done
from warta_shared.delivery.stages import count_anew, hop_stage
from warta_shared.events import Entry
from warta_shared.settings import RedisSettings

TWO = {"a": "{}", "b": "{}"}


def value(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(name, labels)


async def age(streams: Streams) -> float:
    return await oldest_age(streams.redis, ENRICH, streams.count)


async def put_back_in_time(streams: Streams, name: str, seconds: float) -> None:
    """An entry as it would be had it been added so many seconds ago."""
    entry_id = f"{int((time.time() - seconds) * 1000)}-0"
    where = stream(RAW, streams.partition(name))
    await streams.redis.execute_command("XADD", where, entry_id, *Entry(name, b"{}").fields())


async def give_out(streams: Streams, name: str) -> list[bytes]:
    """The entries of a partition, given to a worker that settles nothing."""
    where = stream(RAW, streams.partition(name))
    await streams.redis.xreadgroup(ENRICH.name, "worker", {where: ">"}, count=10)
    pending = await streams.redis.xpending_range(where, ENRICH.name, "-", "+", 10)
    return [one["message_id"] for one in pending]


async def test_the_oldest_message_counts_whether_it_waits_or_is_pending(streams: Streams) -> None:
    assert await age(streams) == 0
    await put_back_in_time(streams, "a", 500)
    assert 499 < await age(streams) < 510, "no group yet: all of it waits"
    await ensure_groups(streams.redis, (ENRICH,), streams.count)
    assert 499 < await age(streams) < 510
    [entry_id] = await give_out(streams, "a")
    assert 499 < await age(streams) < 510
    await streams.put({"a": "{}"})
    await streams.redis.xack(stream(RAW, streams.partition("a")), ENRICH.name, entry_id)
    assert 0 <= await age(streams) < 10
    for given in await give_out(streams, "a"):
        await streams.redis.xack(stream(RAW, streams.partition("a")), ENRICH.name, given)
    assert await age(streams) == 0


async def test_an_entry_of_the_future_is_not_of_negative_age(streams: Streams) -> None:
    await put_back_in_time(streams, "a", -100)
    assert await age(streams) == 0


async def test_dead_letters_are_counted_over_all_partitions(streams: Streams) -> None:
    await ensure_groups(streams.redis, (ENRICH,), streams.count)
    for name in TWO:
        await streams.redis.xadd(stream(DEAD, streams.partition(name)), {"body": "{}"})
    await measure(streams.redis, ENRICH, streams.count)
    assert value("warta_dead_letters") == 2


async def test_what_is_removed_unread_remains_over(streams: Streams) -> None:
    await ensure_groups(streams.redis, (ENRICH,), streams.count)
    assert await residual(streams) == 0
    await streams.put(TWO)
    assert await residual(streams) == 0
    for name in TWO:
        await streams.redis.xtrim(stream(RAW, streams.partition(name)), maxlen=0, approximate=False)
    await streams.put(TWO)
    for name in TWO:
        await give_out(streams, name)
    assert await residual(streams) == 2
    await count_anew(streams.redis, streams.count)
    assert await residual(streams) == 0


async def test_what_is_removed_while_it_is_pending_remains_over(streams: Streams) -> None:
    await ensure_groups(streams.redis, (ENRICH,), streams.count)
    await measure(streams.redis, ENRICH, streams.count)
    await streams.put({"a": "{}"})
    [entry_id] = await give_out(streams, "a")
    where = stream(RAW, streams.partition("a"))
    await streams.redis.xdel(where, entry_id)
    # What claims it finds it gone, and takes it off the list: that is no settlement.
    await streams.redis.execute_command("XCLAIM", where, ENRICH.name, "other", 0, entry_id)
    assert await residual(streams) == 1


async def test_what_a_worker_settles_is_counted_from_the_first_look_on(
    streams: Streams, start: Start
) -> None:
    await streams.put({f"before-{n}": "done" for n in range(3)})
    worker = start()
    await eventually(streams.settled, bool, "settlement")
    await measure(streams.redis, ENRICH, streams.count)
    await streams.put({f"after-{n}": "copy" for n in range(30)})
    await eventually(streams.settled, bool, "settlement")
    stage = await hop_stage(streams.redis, ENRICH, streams.count)
    assert (stage.added, stage.settled, stage.unread) == (33, 33, 0)
    worker.kill()


async def test_a_stream_that_was_made_anew_is_counted_anew(streams: Streams) -> None:
    await ensure_groups(streams.redis, (ENRICH,), streams.count)
    await streams.put(TWO)
    for name in TWO:
        where = stream(RAW, streams.partition(name))
        if given := await give_out(streams, name):
            await streams.redis.xack(where, ENRICH.name, *given)
    await measure(streams.redis, ENRICH, streams.count)
    for name in TWO:
        await streams.redis.unlink(stream(RAW, streams.partition(name)))
    await ensure_groups(streams.redis, (ENRICH,), streams.count)
    await streams.put(TWO)
    stage = await hop_stage(streams.redis, ENRICH, streams.count)
    assert (stage.added, stage.settled, stage.waiting, stage.unread) == (2, 0, 2, 0)


async def test_a_user_of_an_earlier_release_settles_as_before_and_only_counts_nothing(
    own: Streams, server: RedisServer
) -> None:
    """Redis reads its users when it starts, and an upgrade may not have started it anew."""
    old = "~articles.* -@all +@connection +eval +xack +xadd +xinfo|groups +xrange"
    await own.redis.execute_command("ACL", "SETUSER", "old", "on", ">old", *old.split())
    await ensure_groups(own.redis, (ENRICH,), 0)
    await own.put({"a": "{}"})
    await measure(own.redis, ENRICH, 0)  # counting has begun
    [entry_id] = await give_out(own, "a")
    broker = make_broker(
        RedisSettings(redis_url=server.url, redis_username="old", redis_password=SecretStr("old"))
    )
    await broker.connect()
    try:
        answers = await commit(connection(broker), ENRICH, None, "worker", [(Received(entry_id, {}), Done())])
        assert answers == [Settled.OURS]
        assert math.isnan(await _residual(connection(broker), ENRICH, 0))
    finally:
        await broker.stop()
    assert (await own.backlog()).total == 0


async def residual(streams: Streams) -> float | None:
    await measure(streams.redis, ENRICH, streams.count)
    return value("warta_conservation_residual", hop="enrich")


async def test_a_lag_that_a_failover_made_too_large_is_counted_and_put_right(streams: Streams) -> None:
    """As a replica of Redis 7.0 has it: the group has read more than is known."""
    await ensure_groups(streams.redis, (ENRICH,), streams.count)
    await measure(streams.redis, ENRICH, streams.count)
    await streams.put({f"a{n}": "{}" for n in range(3)})
    where = stream(RAW, streams.partition("a0"))
    given = await give_out(streams, "a0")
    settled = [(Received(entry_id, {}), Done()) for entry_id in given]
    await commit(streams.redis, ENRICH, streams.partition("a0"), "worker", settled)
    last = (await streams.redis.xinfo_groups(where))[0]["last-delivered-id"]
    await streams.redis.execute_command("XGROUP SETID", where, ENRICH.name, last, "ENTRIESREAD", 0)
    await streams.put({"a0": "{}"})
    before = await streams.backlog()
    stage = await hop_stage(streams.redis, ENRICH, streams.count)
    assert (stage.settled, stage.unread) == (len(given), 0)
    assert stage.waiting == before.waiting - len(given)
    assert (await streams.backlog()).waiting == stage.waiting

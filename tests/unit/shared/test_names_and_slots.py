"""Keys: spelled in one place, and all keys of a script in one slot of a cluster."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.crc import key_slot

from builders import ID, raw_entry
from warta_shared.delivery import names, scripts
from warta_shared.delivery.commit import Received, commit
from warta_shared.delivery.dead_letters import Filed, replay
from warta_shared.delivery.hop import HOPS, Hop
from warta_shared.delivery.markers import Place
from warta_shared.delivery.outcome import Dead, Done, Outcome, Publish, Retry
from warta_shared.delivery.publish import BATCH_MAX, Answer, Publication, publish
from warta_shared.delivery.trim import trim
from warta_shared.events import DeadLetter
from warta_shared.settings import RedisSettings

COUNT = 8


class ScriptRecorder:
    """In the place of Redis: keeps the keys of each script, and answers as the script would."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.calls: list[list[str]] = []

    async def eval(self, _script: str, number: int, *given: Any) -> Any:
        self.calls.append(list(given[:number]))
        return self.answer


def slots(keys: list[str]) -> set[int]:
    return {key_slot(key.encode()) for key in keys}


def test_names_without_partitions_are_plain() -> None:
    assert names.partitions(0) == (None,)
    assert names.partition_of(ID, 0) is None
    assert names.stream(names.RAW, None) == "articles.raw"
    assert names.key("seen", None, "abc") == "seen:abc"


def test_names_with_partitions_carry_their_tag() -> None:
    assert names.partitions(3) == (0, 1, 2)
    assert names.stream(names.RAW, 7) == "articles.raw.{p7}"
    assert names.key("seen", 7, "abc") == "seen.{p7}:abc"


@pytest.mark.parametrize(("identity", "partition"), [("a", 3), ("abcdefghijklmnopqrstuvwxyz", 5), ("", 0)])
def test_an_article_stays_in_its_partition_for_ever(identity: str, partition: int) -> None:
    assert names.partition_of(identity, COUNT) == partition


@given(st.one_of(st.none(), st.integers(0, 1_023)), st.sampled_from(names.STREAMS))
def test_a_stream_s_key_names_its_partition(partition: int | None, stream: str) -> None:
    assert names.partition_in(names.stream(stream, partition)) == partition


@given(st.text(), st.integers(1, 1_024))
def test_every_article_has_a_partition(identity: str, count: int) -> None:
    assert names.partition_of(identity, count) in names.partitions(count)


def test_partitions_spread_over_a_cluster() -> None:
    assert len(slots([names.stream(names.RAW, partition) for partition in range(64)])) == 64


@pytest.mark.parametrize("partition", range(COUNT))
@pytest.mark.parametrize("hop", HOPS, ids=lambda hop: hop.name)
async def test_commit_touches_one_slot(hop: Hop, partition: int) -> None:
    redis = ScriptRecorder([1, 1, 1])
    outcomes: list[Outcome] = [Done(), Dead("x"), Retry("y", blame=False)]
    settled = [(Received(b"1-0", {}), outcome) for outcome in outcomes]
    if hop.target:
        settled[0] = (Received(b"1-0", {}), Publish(raw_entry()))
    await commit(redis, hop, partition, "consumer", settled)
    (keys,) = redis.calls
    assert len(keys) == 4
    assert len(slots(keys)) == 1, keys


@pytest.mark.parametrize("partition", range(COUNT))
async def test_publish_touches_one_slot(partition: int) -> None:
    redis = ScriptRecorder([1] * BATCH_MAX)
    entries = [
        Publication(raw_entry(), Place(names.key("seen", partition, str(number)), b"id"), b"", b"m")
        for number in range(BATCH_MAX)
    ]
    answers = await publish(
        redis, RedisSettings(partitions=COUNT), names.RAW, partition, entries, marker_lifetime=1
    )
    (keys,) = redis.calls
    assert len(keys) == BATCH_MAX + 1
    assert len(slots(keys)) == 1, keys
    assert answers == [Answer.PUBLISHED] * BATCH_MAX


@pytest.mark.parametrize("partition", range(COUNT))
@pytest.mark.parametrize("source", [hop.source for hop in HOPS])
async def test_replay_touches_one_slot(source: str, partition: int) -> None:
    letter = DeadLetter(
        stream=source,
        partition=partition,
        entry_id="1-0",
        group="g",
        consumer="c",
        reason="r",
        deliveries=1,
        dead_at=0,
        original={"v": b"MQ=="},
    )
    redis = ScriptRecorder(1)
    assert await replay(redis, Filed("2-0", partition, letter)) is True
    (keys,) = redis.calls
    assert keys == [f"articles.dead.{{p{partition}}}", f"{source}.{{p{partition}}}"]
    assert len(slots(keys)) == 1


async def test_trim_takes_one_stream_at_a_time() -> None:
    redis = ScriptRecorder(2)
    assert await trim(redis, names.RAW, COUNT) == 2 * COUNT
    assert redis.calls == [[f"articles.raw.{{p{partition}}}"] for partition in range(COUNT)]


def test_a_script_names_no_key_but_those_it_is_given() -> None:
    most = {
        "claim": 1,
        "commit": 4,
        "forget_consumers": 1,
        "heads": 1,
        "publish": 1,
        "recount": 2,
        "replay": 2,
        "stage": 2,
        "trim": 1,
    }
    found = {
        path.name.removesuffix(".lua") for path in files(scripts).iterdir() if path.name.endswith(".lua")
    }
    assert found == set(most)
    for name, number in most.items():
        text = scripts.script(name)
        assert max(map(int, re.findall(r"KEYS\[(\d+)\]", text))) == number, name
        assert not re.search(r"'[a-z]+[.:{]", text), f"{name}.lua spells a key"

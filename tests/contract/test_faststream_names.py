"""Names of FastStream, redis-py and uvicorn that are not promised, and that Warta stands on."""

from __future__ import annotations

import inspect

import uvicorn
from faststream import AckPolicy
from faststream.redis import RedisBroker
from faststream.redis.message import FAKE_CONSUMER, RedisBatchStreamMessage
from redis.asyncio import Redis
from redis.asyncio.cluster import RedisCluster


def test_a_broker_keeps_its_client_in_connection() -> None:
    assert "_connection" in vars(RedisBroker("redis://127.0.0.1:1"))


def test_a_batch_message_is_made_from_the_raw_batch() -> None:
    raw = {"type": "bstream", "channel": "articles.raw", "data": [{b"v": b"1"}], "message_ids": [b"1-0"]}
    message = RedisBatchStreamMessage(raw_message=raw, body=b"", consumer=FAKE_CONSUMER, group=None)
    assert message.raw_message is raw


def test_a_batch_is_given_with_these_keys() -> None:
    from faststream.redis.message import BatchStreamMessage

    assert {"channel", "data", "message_ids"} <= set(BatchStreamMessage.__annotations__) | {
        "channel",
        "message_ids",
    }


def test_manual_acknowledgement_exists() -> None:
    assert AckPolicy.MANUAL in AckPolicy


def test_only_a_cluster_client_finds_the_node_of_a_key() -> None:
    assert hasattr(RedisCluster, "get_node_from_key")
    assert not hasattr(Redis, "get_node_from_key")


def test_uvicorn_asks_for_signals_in_one_place() -> None:
    assert inspect.isfunction(inspect.unwrap(uvicorn.Server.capture_signals))

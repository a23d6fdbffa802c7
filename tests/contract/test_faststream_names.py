"""Names of FastStream, redis-py and uvicorn that are not promised, and that Warta stands on.

Where one fails after an upgrade, the message says which file of ours uses the name.
"""

from __future__ import annotations

import asyncio
import inspect
import signal
from collections.abc import Callable, Sequence
from typing import Any, get_type_hints

import pytest
import uvicorn
from faststream import AckPolicy
from faststream.asgi import AsgiFastStream
from faststream.redis import RedisBroker, RedisClusterBroker, RedisSentinelBroker
from faststream.redis import message as messages
from redis.asyncio import Redis
from redis.asyncio.cluster import ClusterPipeline, RedisCluster

from warta_shared.delivery.attach import attach
from warta_shared.delivery.broker import connection, make_broker
from warta_shared.delivery.delivery import Delivery
from warta_shared.delivery.groups import ensure_groups
from warta_shared.delivery.hop import ENRICH
from warta_shared.delivery.names import RAW
from warta_shared.delivery.outcome import Done, Message, Outcome
from warta_shared.delivery.reads import tame_reads
from warta_shared.events import Entry
from warta_shared.settings import DeliverySettings


def parameters(function: Callable[..., Any]) -> list[str]:
    """The names of a function's parameters, in their order."""
    return list(inspect.signature(function).parameters)


@pytest.mark.parametrize("broker", [RedisBroker, RedisClusterBroker, RedisSentinelBroker])
def test_a_broker_keeps_its_client_in_connection(broker: type[RedisBroker]) -> None:
    hints = [base.__annotations__ for base in broker.__mro__ if "__annotations__" in vars(base)]
    assert any("_connection" in found for found in hints), (
        f"{broker.__name__}._connection is gone: delivery/broker.py, connection()"
    )


async def test_a_broker_that_never_connected_is_told_from_one_that_is() -> None:
    broker = make_broker(DeliverySettings(redis_url="redis://127.0.0.1:1"))
    with pytest.raises(RuntimeError, match="not connected"):
        connection(broker)
    await broker.connect()  # opens no socket
    try:
        assert isinstance(connection(broker), Redis), "delivery/broker.py, connection()"
    finally:
        await broker.stop()


def test_a_batch_message_is_made_from_the_raw_batch() -> None:
    assert hasattr(messages, "FAKE_CONSUMER"), "FAKE_CONSUMER is gone: delivery/attach.py, parse()"
    raw = {"type": "bstream", "channel": "articles.raw", "data": [{b"v": b"1"}], "message_ids": [b"1-0"]}
    message = messages.RedisBatchStreamMessage(
        raw_message=raw, body=b"", consumer=messages.FAKE_CONSUMER, group=None
    )
    assert message.raw_message is raw, "delivery/attach.py, decode()"


def test_a_batch_is_given_with_these_keys() -> None:
    keys = get_type_hints(messages.BatchStreamMessage).keys()
    assert {"channel", "data", "message_ids"} <= keys, "delivery/attach.py, read()"


def test_manual_acknowledgement_exists() -> None:
    assert hasattr(AckPolicy, "MANUAL"), "AckPolicy.MANUAL is gone: delivery/attach.py"


@pytest.mark.parametrize("client", [Redis, RedisCluster])
def test_a_client_reads_for_a_group_with_these_arguments(client: type[Any]) -> None:
    names = ["self", "groupname", "consumername", "streams"]
    assert parameters(client.xreadgroup)[:4] == names, "delivery/reads.py stands in for xreadgroup"
    assert hasattr(client, "xgroup_create"), "delivery/reads.py stands in for xgroup_create"


async def test_faststream_reads_and_makes_groups_through_its_client(redis_url: str) -> None:
    settings = DeliverySettings(redis_url=redis_url)
    broker = make_broker(settings)
    await broker.connect()
    redis = connection(broker)
    handled = asyncio.Event()

    async def handle(batch: Sequence[Message]) -> list[Outcome]:
        handled.set()
        return [Done() for _ in batch]

    delivery = Delivery(broker, ENRICH, handle, settings)
    attach(broker, delivery)
    await redis.execute_command("XADD", RAW, "*", *Entry("before", b"{}").fields())
    await ensure_groups(redis, (ENRICH,), 0)
    tame_reads(redis, {ENRICH.name: delivery.reads})
    sent: list[str] = []
    execute = redis.execute_command

    async def listen(*arguments: Any, **options: Any) -> Any:
        sent.append(str(arguments[0]))
        return await execute(*arguments, **options)

    redis.execute_command = listen
    try:
        await broker.start()
        await asyncio.wait_for(handled.wait(), 10)
    finally:
        await broker.stop()
    assert list(delivery.reads.alive) == [RAW], "FastStream reads past delivery/reads.py"
    assert "XREADGROUP" in sent
    assert not [name for name in sent if name.startswith("XGROUP")], (
        "FastStream makes groups past delivery/reads.py"
    )


def test_only_a_cluster_client_finds_the_node_of_a_key() -> None:
    message = "delivery/publish.py and backlog.py tell a cluster by get_node_from_key"
    assert not hasattr(Redis, "get_node_from_key"), message
    assert hasattr(RedisCluster, "get_node_from_key"), message
    assert parameters(RedisCluster.get_node_from_key)[:2] == ["self", "key"], message


def test_a_cluster_pipeline_sends_a_command_to_a_node() -> None:
    assert inspect.iscoroutinefunction(RedisCluster.initialize), "delivery/publish.py, _run()"
    names = parameters(ClusterPipeline.execute_command)
    assert names[-1] == "kwargs", "target_nodes of a pipeline's command: delivery/publish.py, _run()"
    assert "target_nodes" in inspect.getsource(ClusterPipeline), "delivery/publish.py, _run()"


def test_faststream_tells_its_application_that_a_reader_ended() -> None:
    assert parameters(AsgiFastStream.exit) == ["self"], "service.py, _App.exit()"
    options = parameters(AsgiFastStream.__init__)
    assert {"asgi_routes", "lifespan", "on_shutdown", "logger"} <= set(options), "service.py, Service"


async def _no_application(_scope: Any, _receive: Any, _send: Any) -> None:
    """Never called."""


async def test_uvicorn_asks_for_signals_in_one_place() -> None:
    assert inspect.unwrap(uvicorn.Server.capture_signals) is not uvicorn.Server.capture_signals, (
        "capture_signals is no context manager any more: service.py, _Server"
    )
    assert parameters(uvicorn.Server.capture_signals) == ["self"], "service.py, _Server"
    assert parameters(uvicorn.Server.handle_exit) == ["self", "sig", "frame"], "service.py, _Server"
    server = uvicorn.Server(uvicorn.Config(_no_application))
    assert (server.should_exit, server.started) == (False, False), "service.py, _Server._end()"
    kept = signal.getsignal(signal.SIGTERM)
    with server.capture_signals():
        assert signal.getsignal(signal.SIGTERM) == server.handle_exit, (
            "uvicorn takes signals elsewhere than in capture_signals: service.py, _Server"
        )
    assert signal.getsignal(signal.SIGTERM) == kept


async def test_uvicorn_serves_within_capture_signals() -> None:
    class Stop(Exception):
        """Before anything is opened."""

    class Server(uvicorn.Server):
        def capture_signals(self) -> Any:
            raise Stop

    with pytest.raises(Stop):
        await Server(uvicorn.Config(_no_application)).serve()

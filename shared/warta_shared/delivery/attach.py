"""A delivery onto its hop: FastStream batch subscribers, one a partition (a subscriber holds one stream)."""

from __future__ import annotations

from typing import Any

from faststream import AckPolicy
from faststream.redis import RedisBroker, StreamSub
from faststream.redis.message import FAKE_CONSUMER, RedisBatchStreamMessage

from warta_shared.delivery.broker import poll_milliseconds
from warta_shared.delivery.commit import Received
from warta_shared.delivery.delivery import Delivery
from warta_shared.delivery.holding import run_until_settled
from warta_shared.delivery.names import partition_in, partitions


async def parse(batch: Any) -> RedisBatchStreamMessage:
    """The batch as it is: FastStream's own parser looks for its envelope and fails a batch for one bad item."""
    return RedisBatchStreamMessage(raw_message=batch, body=b"", consumer=FAKE_CONSUMER, group=None)


async def decode(message: RedisBatchStreamMessage) -> Any:
    """The handler takes the batch as the stream gave it."""
    return message.raw_message


def attach(broker: RedisBroker, delivery: Delivery, *, readers: int = 1) -> None:
    """Subscribe `readers` times to every partition; more than one keeps several batches in flight."""
    settings = delivery.settings
    for partition in partitions(settings.partitions):
        for _ in range(readers):
            subscription = StreamSub(
                delivery.hop.source_key(partition),
                group=delivery.hop.name,
                consumer=delivery.consumer,
                batch=True,
                max_records=settings.batch_size,
                polling_interval=poll_milliseconds(settings),
                last_id=">",
            )
            subscriber = broker.subscriber(
                stream=subscription,
                parser=parse,
                decoder=decode,
                ack_policy=AckPolicy.MANUAL,
                title=delivery.hop.name,
            )
            subscriber(_reader(delivery))


def _reader(delivery: Delivery) -> Any:
    async def read(batch: dict[str, Any]) -> None:
        received = [
            Received(entry_id, fields)
            for entry_id, fields in zip(batch["message_ids"], batch["data"], strict=True)
        ]
        await run_until_settled(delivery, partition_in(batch["channel"]), received)
        if delivery.halted:
            await delivery.stopping.wait()  # no return, so no further read

    read.__name__ = f"read_{delivery.hop.name}"
    return read

"""Settling a batch: every outcome of one partition in one Lua step (scripts/commit.lua)."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from warta_shared.delivery import scripts
from warta_shared.delivery.broker import Redis
from warta_shared.delivery.hop import Hop
from warta_shared.delivery.names import Partition
from warta_shared.delivery.outcome import Dead, Done, Outcome, Publish, Retry
from warta_shared.events import DeadLetter, Entry
from warta_shared.events.dead_letter import DETAIL_MAX


@dataclass(frozen=True, slots=True)
class Received:
    """What the stream gave out, readable or not: the entry's id, its raw fields, which delivery this is."""

    entry_id: bytes
    fields: Mapping[bytes, bytes]
    deliveries: int = 1


async def commit(
    redis: Redis,
    hop: Hop,
    partition: Partition,
    consumer: str,
    settled: Sequence[tuple[Received, Outcome]],
) -> list[bool]:
    """Acknowledge and pass on; False for a message that another worker had claimed meanwhile.

    A `Retry` with blame needs no command: the message simply stays pending, and True is returned for it.
    """
    arguments: list[bytes | str] = [hop.name, consumer]
    sent = []
    for received, outcome in settled:
        command = _command(hop, partition, consumer, received, outcome)
        sent.append(bool(command))
        arguments += command
    if not any(sent):
        return [True] * len(settled)
    keys = [hop.source_key(partition), hop.target_key(partition), hop.dead_key(partition)]
    answers = iter(await scripts.run(redis, "commit", keys, arguments))
    return [next(answers) == 1 if was_sent else True for was_sent in sent]


def _command(
    hop: Hop, partition: Partition, consumer: str, received: Received, outcome: Outcome
) -> list[bytes | str]:
    match outcome:
        case Publish(entry):
            fields = entry.fields()
            return ["publish", received.entry_id, str(len(fields)), *fields]
        case Done():
            return ["done", received.entry_id, "0"]
        case Dead():
            fields = dead_letter_entry(hop, partition, consumer, received, outcome).fields()
            return ["dead", received.entry_id, str(len(fields)), *fields]
        case Retry(blame=False):
            return ["excuse", received.entry_id, "1", str(max(received.deliveries - 1, 0))]
        case Retry():
            return []


def dead_letter_entry(hop: Hop, partition: Partition, consumer: str, received: Received, dead: Dead) -> Entry:
    """The entry for the dead letters: who, when, where, why, and the original unchanged."""
    article_id = received.fields.get(b"id", b"").decode("ascii", "replace")[:128].replace("\x00", "")
    letter = DeadLetter(
        stream=hop.source,
        partition=partition,
        entry_id=received.entry_id.decode(),
        article_id=article_id,
        group=hop.name,
        consumer=consumer,
        reason=dead.reason,
        detail=_sendable(dead.detail),
        deliveries=max(received.deliveries, 1),
        dead_at=time.time_ns() // 1_000_000,
        original={},
    )
    original = {_sendable(name.decode("latin-1")): value for name, value in received.fields.items()}
    letter = letter.model_copy(update={"original": original})
    traceparent = received.fields.get(b"traceparent", b"").decode("ascii", "replace")[:64]
    return replace(Entry(id=article_id, body=letter.model_dump_json().encode()), traceparent=traceparent)


def _sendable(text: str) -> str:
    return text.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")[:DETAIL_MAX]

"""Settling a batch: every outcome of one partition in one Lua step (scripts/commit.lua)."""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import chain

from warta_shared.delivery import scripts
from warta_shared.delivery.client import Redis
from warta_shared.delivery.hop import Hop
from warta_shared.delivery.names import Partition
from warta_shared.delivery.outcome import Dead, Done, Outcome, Publish, Retry, label
from warta_shared.events import DeadLetter, Entry
from warta_shared.events.dead_letter import DETAIL_MAX
from warta_shared.events.entry import FIELD_NAMES

# One script holds up everything else on its server and must fit into its input buffer (1 GB).
SCRIPT_BYTES_MAX = 16_000_000

Command = list[bytes | str]


@dataclass(frozen=True, slots=True)
class Received:
    """What the stream gave out, readable or not: the entry's id, its raw fields, which delivery this is."""

    entry_id: bytes
    fields: Mapping[bytes, bytes]
    deliveries: int = 1

    @property
    def article_id(self) -> str:
        """As far as it can be read, for logs and dead letters."""
        return self.fields.get(b"id", b"")[:128].decode("ascii", "replace")

    @property
    def traceparent(self) -> str:
        """As it was written, whatever it is."""
        return self.fields.get(b"traceparent", b"")[:64].decode("ascii", "ignore")


class Settled(Enum):
    """What became of a message in the commit."""

    OURS = "settled, or left pending as its outcome asks"
    SUPERSEDED = "another worker had settled it"
    REFUSED = "the target or the dead letters did not take it: it is pending, this delivery not counted"


async def commit(
    redis: Redis,
    hop: Hop,
    partition: Partition,
    consumer: str,
    settled: Sequence[tuple[Received, Outcome]],
) -> list[Settled]:
    """Acknowledge and pass on. A `Retry` with blame needs no command: the message simply stays pending."""
    commands = [_command(hop, partition, consumer, received, outcome) for received, outcome in settled]
    given = iter(await _run(redis, hop, partition, consumer, [command for command in commands if command]))
    return [_settled(next(given)) if command else Settled.OURS for command in commands]


async def keep(
    redis: Redis,
    hop: Hop,
    partition: Partition,
    consumer: str,
    waiting: Sequence[Received],
    *,
    trying: bool,
    idle: float,
) -> list[Received]:
    """Those that nobody took over; `idle` is for how many seconds they pass for idle, 0 for just given out.

    `trying`: another try begins, which counts as the delivery that it is.
    """
    commands: list[Command] = [
        [f"keep {item.deliveries - (not trying)} {int(idle * 1000)}", item.entry_id] for item in waiting
    ]
    answers = await _run(redis, hop, partition, consumer, commands)
    return [item for item, answer in zip(waiting, answers, strict=True) if answer == 1]


async def _run(
    redis: Redis, hop: Hop, partition: Partition, consumer: str, commands: Sequence[Command]
) -> list[object]:
    """An answer for each command, in order."""
    keys = [
        hop.source_key(partition),
        hop.target_key(partition),
        hop.dead_key(partition),
        hop.settled_key(partition),
    ]
    answers: list[object] = []
    for part in _parts(commands):
        arguments = [hop.name, consumer, str(len(FIELD_NAMES)), *FIELD_NAMES, *chain.from_iterable(part)]
        answers += await scripts.run(redis, "commit", keys, arguments)
    return answers


def _settled(answer: object) -> Settled:
    if answer == 1:
        return Settled.OURS
    return Settled.SUPERSEDED if answer == 0 else Settled.REFUSED


def _parts(commands: Sequence[Command]) -> Iterator[list[Command]]:
    """The commands in scripts of bounded size; a single larger one travels alone."""
    part: list[Command] = []
    size = 0
    for command in commands:
        bytes_here = sum(map(len, command))
        if part and size + bytes_here > SCRIPT_BYTES_MAX:
            yield part
            part, size = [], 0
        part.append(command)
        size += bytes_here
    if part:
        yield part


def _command(hop: Hop, partition: Partition, consumer: str, received: Received, outcome: Outcome) -> Command:
    uncounted = max(received.deliveries - 1, 0)
    match outcome:
        case Publish(entry):
            return [f"publish {uncounted}", received.entry_id, *entry.values()]
        case Done():
            return [f"done {uncounted}", received.entry_id]
        case Dead():
            letter = dead_letter_entry(hop, partition, consumer, received, outcome)
            return [f"dead {uncounted}", received.entry_id, *letter.values()]
        case Retry(blame=False):
            return [f"keep {uncounted}", received.entry_id]
        case Retry():
            return []


def dead_letter_entry(hop: Hop, partition: Partition, consumer: str, received: Received, dead: Dead) -> Entry:
    """The entry for the dead letters: who, when, where, why, and the original unchanged."""
    article_id = received.article_id.replace("\x00", "\ufffd")
    letter = DeadLetter(
        stream=hop.source,
        partition=partition,
        entry_id=received.entry_id.decode(),
        article_id=article_id,
        group=hop.name,
        consumer=consumer,
        reason=label(dead.reason),
        detail=_sendable(dead.detail),
        deliveries=max(received.deliveries, 1),
        dead_at=time.time_ns() // 1_000_000,
        original={name.decode("latin-1"): b64encode(value) for name, value in received.fields.items()},
    )
    return Entry(
        id=article_id,
        body=letter.model_dump_json().encode(),
        traceparent=received.traceparent,
    )


def _sendable(text: str) -> str:
    return text.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")[:DETAIL_MAX]

"""The only way onto a stream from outside a hop: one script a partition, idempotent, optionally replicated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from warta_shared.delivery import scripts
from warta_shared.delivery.client import Redis
from warta_shared.delivery.cluster_errors import ordinary_errors
from warta_shared.delivery.markers import Place
from warta_shared.delivery.names import Partition, stream
from warta_shared.events import Entry
from warta_shared.settings import RedisSettings

BATCH_MAX = 200
# One script holds up everything else on its server and must fit into its input buffer (1 GB).
BATCH_BYTES_MAX = 16_000_000


class NotReplicated(Exception):
    """Redis has it, but too few replicas, or not its disk, said so in time: publish again, it adds nothing twice."""


class Answer(StrEnum):
    """What became of a publication."""

    PUBLISHED = "published"
    REPEATED = "repeated"
    CONFLICT = "conflict"


ANSWERS = (Answer.CONFLICT, Answer.PUBLISHED, Answer.REPEATED)


@dataclass(frozen=True, slots=True)
class Publication:
    """An entry, and the marker that makes it happen once.

    `place` holds the state that the last publish of this article left; `expected` is what the caller read
    there (b'' = nothing), `marker` what it becomes (never b''). With `marker` as `expected` nothing is
    added: it only makes sure, by REPEATED, that what was published before is where it should be.
    """

    entry: Entry
    place: Place
    expected: bytes
    marker: bytes

    def __post_init__(self) -> None:
        if not self.marker:
            raise ValueError("an empty marker would pass for published")


async def publish(
    redis: Redis,
    settings: RedisSettings,
    stream_name: str,
    partition: Partition,
    publications: Sequence[Publication],
    *,
    marker_lifetime: float,
) -> list[Answer]:
    """Add the entries whose markers still are as expected; all keys lie in `partition`.

    `marker_lifetime` is in seconds. Raises NotReplicated when `replicas_ack` replicas, or with `fsync_ack` the disk,
    did not confirm in time, and redis-py's errors (OutOfMemoryError among them). After an error publish the same
    again: of up to BATCH_MAX entries and BATCH_BYTES_MAX bytes all or none were added, and none is added twice.
    """
    answers: list[Answer] = []
    for batch in _batches(publications):
        keys = [stream(stream_name, partition), *(p.place.bucket for p in batch)]
        arguments: list[str | bytes] = [str(int(marker_lifetime * 1000)), str(len(batch[0].entry.fields()))]
        for publication in batch:
            arguments += [publication.place.field, publication.expected, publication.marker]
            arguments += publication.entry.fields()
        with ordinary_errors():
            numbers = await _run(redis, settings, keys, arguments)
        answers += [ANSWERS[number] for number in numbers]
    return answers


def _batches(publications: Sequence[Publication]) -> Iterator[list[Publication]]:
    batch: list[Publication] = []
    size = 0
    for publication in publications:
        bytes_here = len(publication.entry.body)
        if batch and (len(batch) == BATCH_MAX or size + bytes_here > BATCH_BYTES_MAX):
            yield batch
            batch, size = [], 0
        batch.append(publication)
        size += bytes_here
    if batch:
        yield batch


async def _run(
    redis: Redis, settings: RedisSettings, keys: list[str], arguments: list[str | bytes]
) -> list[int]:
    waits = _waits(settings)
    if not waits:
        return list(await scripts.run(redis, "publish", keys, arguments))
    # Both speak of writes on their own connection only, so all commands travel in one pipeline.
    if hasattr(redis, "get_node_from_key"):
        await redis.initialize()  # no node is known before the first command, nor right after a failover
        pipe, where = redis.pipeline(), {"target_nodes": redis.get_node_from_key(keys[0])}
    else:
        pipe, where = redis.pipeline(transaction=False), {}
    pipe.eval(scripts.script("publish"), len(keys), *keys, *arguments)
    for wait in waits:
        pipe.execute_command(*wait.command, **where)
    answers, *replies = await pipe.execute()
    for wait, reply in zip(waits, replies, strict=True):
        wait.check(reply)
    return list(answers)


class _Wait(NamedTuple):
    """A command that waits for copies; its reply is their number, or a list that begins with it."""

    command: tuple[str | int, ...]
    least: int
    whose: str

    def check(self, reply: int | list[int]) -> None:
        """Raise NotReplicated for too few."""
        confirmed = reply[0] if isinstance(reply, list) else int(reply)
        if confirmed < self.least:
            raise NotReplicated(f"{confirmed} of {self.least} {self.whose} within {self.command[-1]} ms")


def _waits(settings: RedisSettings) -> list[_Wait]:
    waits = []
    if settings.replicas_ack:
        command = ("WAIT", settings.replicas_ack, int(settings.replicas_timeout * 1000))
        waits.append(_Wait(command, settings.replicas_ack, "replicas"))
    if settings.fsync_ack:
        waits.append(_Wait(("WAITAOF", 1, 0, int(settings.fsync_timeout * 1000)), 1, "disks"))
    return waits

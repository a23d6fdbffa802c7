"""The only way onto a stream from outside a hop: one script a partition, idempotent, optionally replicated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from warta_shared.delivery import scripts
from warta_shared.delivery.broker import Redis
from warta_shared.delivery.names import Partition, stream
from warta_shared.events import Entry
from warta_shared.settings import RedisSettings

BATCH_MAX = 200


class NotReplicated(Exception):
    """Redis has it, but too few replicas said so in time: publish again, it adds nothing twice."""


class Answer(StrEnum):
    """What became of a publication."""

    PUBLISHED = "published"
    REPEATED = "repeated"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Publication:
    """An entry, and the marker that makes it happen once.

    `marker_key` holds the state that the last publish of this article left; `expected` is what the caller
    read there ('' = nothing), `marker` what it becomes.
    """

    entry: Entry
    marker_key: str
    expected: str
    marker: str


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

    `marker_lifetime` is in seconds. Raises NotReplicated when `replicas_ack` replicas did not confirm in time,
    and redis-py's errors (OutOfMemoryError among them: then nothing of that call was added).
    """
    answers: list[Answer] = []
    for first in range(0, len(publications), BATCH_MAX):
        batch = publications[first : first + BATCH_MAX]
        keys = [stream(stream_name, partition), *(p.marker_key for p in batch)]
        arguments: list[str | bytes] = [str(int(marker_lifetime * 1000)), str(len(batch[0].entry.fields()))]
        for publication in batch:
            arguments += [publication.expected, publication.marker, *publication.entry.fields()]
        raw = await _run(redis, settings, keys, arguments)
        answers += [_answer(answer) for answer in raw]
    return answers


async def _run(
    redis: Redis, settings: RedisSettings, keys: list[str], arguments: list[str | bytes]
) -> list[bytes]:
    if not settings.replicas_ack:
        return list(await scripts.run(redis, "publish", keys, arguments))
    # WAIT speaks of writes on its own connection only, so both commands travel in one pipeline.
    milliseconds = int(settings.replicas_timeout * 1000)
    if hasattr(redis, "get_node_from_key"):
        pipe, where = redis.pipeline(), {"target_nodes": redis.get_node_from_key(keys[0])}
    else:
        pipe, where = redis.pipeline(transaction=False), {}
    pipe.eval(scripts.script("publish"), len(keys), *keys, *arguments)
    pipe.execute_command("WAIT", settings.replicas_ack, milliseconds, **where)
    answers, replicas = await pipe.execute()
    confirmed = min(replicas) if isinstance(replicas, list) else int(replicas)
    if confirmed < settings.replicas_ack:
        raise NotReplicated(f"{confirmed} of {settings.replicas_ack} replicas within {milliseconds} ms")
    return list(answers)


def _answer(raw: bytes) -> Answer:
    return Answer(raw.decode()) if raw in {b"published", b"repeated"} else Answer.CONFLICT

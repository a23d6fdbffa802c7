"""How far every operation of the index is done, shard by shard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from warta_index.connection import Connection, UnreachableError
from warta_index.schema import READ_ALIAS
from warta_index.search import SearchError, refresh, refusal

_STATS = (
    f"/{READ_ALIAS}/_stats/docs?level=shards"
    "&filter_path=indices.*.uuid,indices.*.shards.*.routing.primary,indices.*.shards.*.seq_no.global_checkpoint"
)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Of the index `name`: by shard the last sequence number up to which nothing is in flight any more."""

    name: str
    uuid: str
    done: tuple[int, ...]


async def visible_checkpoint(connection: Connection) -> Checkpoint:
    """The checkpoint of now, and everything up to it can be found: the index is refreshed after it was read.

    Operations are numbered when they begin and end in any order; the global checkpoint is the last number below
    which all have ended, on every copy of the shard. Raises SearchError and UnreachableError.
    """
    reply = await connection.ask("GET", _STATS)
    if not reply.ok:
        raise refusal(reply)
    found = _checkpoint(reply.json().get("indices", {}))
    await refresh(connection, found.name)
    return found


def _checkpoint(indices: dict[str, Any]) -> Checkpoint:
    if len(indices) != 1:
        raise SearchError(
            "missing-index", f"{READ_ALIAS} is not the alias of one index, but of {list(indices)}"
        )
    ((name, index),) = indices.items()
    shards = index.get("shards", {})
    done = [_primary(shards[str(number)]) for number in range(len(shards))]
    return Checkpoint(name, index["uuid"], tuple(done))


def _primary(copies: list[dict[str, Any]]) -> int:
    for copy in copies:
        if copy["routing"]["primary"]:
            return int(copy["seq_no"]["global_checkpoint"])
    raise UnreachableError("unavailable", "a shard has no primary")

"""The changes since a cursor, page by page, each with the cursor behind it."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from warta_index.changes.checkpoint import Checkpoint, visible_checkpoint
from warta_index.changes.cursor import NOTHING, Cursor
from warta_index.connection import Connection
from warta_index.schema.names import READ_FILTER
from warta_index.search import whole_answer

Json = dict[str, Any]

PAGE = 500
OVERLAP_MS = 600_000
"""In an index that took the place of another: what was indexed so long before the newest that was seen may be new."""


class Kind(StrEnum):
    """What a change is, by the document as it stands now."""

    NEW = "new"
    EDITED = "edited"
    WITHDRAWN = "withdrawn"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Page:
    """Some documents as they are now, in the order in which they were written, and the cursor behind them."""

    articles: tuple[Json, ...]
    cursor: Cursor


async def changes(connection: Connection, since: Cursor, size: int = PAGE) -> AsyncGenerator[Page]:
    """Each document that was written after `since`, once, as it is now; the last page may be empty.

    What is written while this runs comes the next time, or now and then not again. Raises SearchError when refused,
    UnreachableError when there is no whole answer.
    """
    checkpoint = await visible_checkpoint(connection)
    cursor = continued(since, checkpoint)
    for shard, done in enumerate(checkpoint.done):
        found: list[Json] = [{}]
        while found and cursor.seen[shard] < done:
            found = await _found(connection, checkpoint, cursor, shard, size)
            seen = found[-1]["_seq_no"] if len(found) == size else done
            articles = tuple(hit["_source"] for hit in found)
            cursor = cursor.at(shard, seen, max(map(_indexed_at, articles), default=0))
            if articles:
                yield Page(articles, cursor)
    yield Page((), replace(cursor, floor=0, whole=True))


async def from_now(connection: Connection) -> Cursor:
    """The cursor behind everything that there is; raises as `changes` does."""
    checkpoint = await visible_checkpoint(connection)
    return Cursor(checkpoint.uuid, checkpoint.done, newest=int(time.time() * 1000), whole=True)


def continued(since: Cursor, checkpoint: Checkpoint) -> Cursor:
    """The cursor in the index that is there now: another one is read from its beginning, but for what is too old."""
    if since.index == checkpoint.uuid and len(since.seen) == len(checkpoint.done):
        return since
    unseen = (NOTHING,) * len(checkpoint.done)
    floor = max(0, since.newest - OVERLAP_MS) if since.whole else since.floor
    return Cursor(checkpoint.uuid, unseen, since.newest, floor)


def kind_of(article: Json) -> Kind:
    """What has become of it."""
    if article["status"] in {Kind.WITHDRAWN, Kind.WITHHELD}:
        return Kind(article["status"])
    return Kind.NEW if article["revision"] == 1 else Kind.EDITED


async def _found(
    connection: Connection, checkpoint: Checkpoint, cursor: Cursor, shard: int, size: int
) -> list[Json]:
    between = {"gt": cursor.seen[shard], "lte": checkpoint.done[shard]}
    # Numbers are an index's own, so it is asked by its name, and what the alias leaves out is left out here.
    wanted: list[Json] = [{"range": {"_seq_no": between}}, READ_FILTER]
    if cursor.floor:
        wanted.append({"range": {"indexed_at": {"gte": cursor.floor, "format": "epoch_millis"}}})
    request = {
        "size": size,
        "query": {"bool": {"filter": wanted}},
        "sort": [{"_seq_no": "asc"}],
        "seq_no_primary_term": True,
        "track_total_hits": False,
    }
    answer = await whole_answer(connection, f"/{checkpoint.name}/_search?preference=_shards:{shard}", request)
    found: list[Json] = answer["hits"]["hits"]
    return found


def _indexed_at(article: Json) -> int:
    return int(datetime.fromisoformat(article["indexed_at"]).timestamp() * 1000)

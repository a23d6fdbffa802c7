"""Every article that matches a query, page by page, as the index was when the first page was asked for."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from warta_index.connection import Connection
from warta_index.schema import READ_ALIAS
from warta_index.search import refusal, whole_answer

Json = dict[str, Any]

EVERYTHING: Json = {"match_all": {}}
PAGE = 200
# Of documents of which a few short fields are wanted.
LEAN_PAGE = 5_000
KEPT = "5m"


async def every(
    connection: Connection,
    query: Json,
    *,
    index: str = READ_ALIAS,
    after: str = "",
    size: int = PAGE,
    matched: Callable[[int], None] = lambda _number: None,
    fields: Sequence[str] = (),
) -> AsyncGenerator[list[Json]]:
    """The documents in the order of their ids, those behind the id `after`; a point in time holds them still.

    `matched` is told how many match there, those before `after` too. `fields`: those of the documents that are wanted,
    none for all.

    Raises SearchError when refused, UnreachableError when there is no whole answer.
    """
    async with _point_in_time(connection, index) as held:
        request: Json = {
            "size": size,
            "query": query,
            "pit": held,
            "sort": [{"id": "asc"}],
            "_source": list(fields) or True,
            "track_total_hits": True,
        }
        page: list[Json] = []
        while not page or len(page) == size:
            if after:
                request["search_after"] = [after]
            answer = await whole_answer(connection, "/_search", request)
            held["id"] = answer.get("pit_id", held["id"])
            if request["track_total_hits"]:
                matched(answer["hits"]["total"]["value"])
                request["track_total_hits"] = False  # counting takes time, and the number stays
            page = [hit["_source"] for hit in answer["hits"]["hits"]]
            if not page:
                return
            yield page
            after = page[-1]["id"]


@asynccontextmanager
async def _point_in_time(connection: Connection, index: str) -> AsyncGenerator[Json]:
    reply = await connection.ask("POST", f"/{index}/_pit?keep_alive={KEPT}")
    if not reply.ok:
        raise refusal(reply)
    held: Json = {"id": reply.json()["id"], "keep_alive": KEPT}
    try:
        yield held
    finally:
        await connection.ask("DELETE", "/_pit", {"id": held["id"]})

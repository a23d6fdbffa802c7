"""Every article that matches a query, page by page, as the index was when the first page was asked for."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from warta_index.connection import Connection, UnreachableError
from warta_index.schema import READ_ALIAS
from warta_index.search import refusal

Json = dict[str, Any]

PAGE = 200
KEPT = "5m"


async def every(
    connection: Connection,
    query: Json,
    *,
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
    async with _point_in_time(connection) as held:
        matched(await _total(connection, query, held))
        while True:
            request = {"size": size, "query": query, "_source": list(fields) or True}
            page = await _page(connection, request, held, after)
            if page:
                yield page
            if len(page) < size:
                return
            after = page[-1]["id"]


async def count(connection: Connection, query: Json) -> int:
    """How many match; raises as `every` does."""
    reply = await connection.ask("POST", f"/{READ_ALIAS}/_count", {"query": query})
    if not reply.ok:
        raise refusal(reply)
    return int(reply.json()["count"])


async def _total(connection: Connection, query: Json, held: Json) -> int:
    answer = await _answer(
        connection, {"size": 0, "query": query, "pit": held, "track_total_hits": True}, held
    )
    return int(answer["hits"]["total"]["value"])


async def _page(connection: Connection, request: Json, held: Json, after: str) -> list[Json]:
    request |= {"pit": held, "sort": [{"id": "asc"}], "track_total_hits": False}
    if after:
        request["search_after"] = [after]
    return [hit["_source"] for hit in (await _answer(connection, request, held))["hits"]["hits"]]


async def _answer(connection: Connection, request: Json, held: Json) -> Json:
    reply = await connection.ask("POST", "/_search", request)
    if not reply.ok:
        raise refusal(reply)
    answer: Json = reply.json()
    if answer.get("timed_out") or answer["_shards"]["failed"]:
        raise UnreachableError("unavailable", f"{answer['_shards']['failed']} shards did not answer")
    held["id"] = answer.get("pit_id", held["id"])
    return answer


@asynccontextmanager
async def _point_in_time(connection: Connection) -> AsyncGenerator[Json]:
    reply = await connection.ask("POST", f"/{READ_ALIAS}/_pit?keep_alive={KEPT}")
    if not reply.ok:
        raise refusal(reply)
    held: Json = {"id": reply.json()["id"], "keep_alive": KEPT}
    try:
        yield held
    finally:
        await connection.ask("DELETE", "/_pit", {"id": held["id"]})

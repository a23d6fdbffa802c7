"""Question -> what Elasticsearch found: hits with marked texts, how many there are, facets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from warta_index.connection import Connection, Reply, UnreachableError
from warta_index.query import COPIES, Question, search_request
from warta_index.schema import READ_ALIAS

REFUSED = {
    400: "bad-query",
    401: "wrong-key",
    403: "forbidden",
    404: "missing-index",
}


EXPIRED, EXPIRED_POINT = "expired", b"search_context_missing_exception"


class SearchError(Exception):
    """Elasticsearch answered, but not with hits: `reason` is a short label, `detail` Elasticsearch's words."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Hit:
    """One article; `marked` holds the fragments by field, matches between MARK_START and MARK_END.

    `copies`: how many articles of its story match, itself among them; None where stories were not asked for.
    """

    article: Mapping[str, Any]
    marked: Mapping[str, tuple[str, ...]]
    score: float | None = None
    copies: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The first hits, the number of all, milliseconds that Elasticsearch took, counts by facet."""

    total: int
    hits: tuple[Hit, ...]
    milliseconds: int = 0
    facets: Mapping[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)


async def search(connection: Connection, question: Question, alias: str = READ_ALIAS) -> Found:
    """Ask; raises SearchError when refused, UnreachableError when there is no whole answer."""
    return _found(await whole_answer(connection, f"/{alias}/_search", search_request(question)))


async def whole_answer(connection: Connection, path: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """What Elasticsearch found; raises as `search` does."""
    reply = await connection.ask("POST", path, request)
    if not reply.ok:
        raise refusal(reply)
    answer: dict[str, Any] = reply.json()
    shards = answer["_shards"]
    if answer.get("timed_out") or shards["failed"]:
        raise UnreachableError(
            "unavailable", f"{shards['failed']} of {shards['total']} shards did not answer in time"
        )
    return answer


async def refresh(connection: Connection, index: str) -> None:
    """What was written up to now can be found afterwards; raises as `search` does."""
    reply = await connection.ask("POST", f"/{index}/_refresh")
    if not reply.ok:
        raise refusal(reply)
    if failed := reply.json()["_shards"]["failed"]:
        raise UnreachableError("unavailable", f"{failed} shards could not be refreshed")


def refusal(reply: Reply) -> Exception:
    """What a refused search raises."""
    kind, explanation = reply.error()
    if EXPIRED_POINT in reply.body:
        return SearchError(EXPIRED, "the point in time was not kept any longer")
    if reply.status not in REFUSED:
        return UnreachableError("unavailable", f"status {reply.status} {kind}: {explanation}"[:500])
    return SearchError(REFUSED[reply.status], f"{kind}: {explanation}"[:500])


def _found(answer: Mapping[str, Any]) -> Found:
    return Found(
        total=answer["hits"]["total"]["value"],
        hits=tuple(_hit(hit) for hit in answer["hits"]["hits"]),
        milliseconds=answer["took"],
        facets={
            name: tuple((str(bucket["key"]), bucket["doc_count"]) for bucket in facet["buckets"])
            for name, facet in answer.get("aggregations", {}).items()
        },
    )


def _hit(hit: Mapping[str, Any]) -> Hit:
    marked = {name: tuple(fragments) for name, fragments in hit.get("highlight", {}).items()}
    copies = hit["inner_hits"][COPIES]["hits"]["total"]["value"] if "inner_hits" in hit else None
    return Hit(hit["_source"], marked, hit.get("_score"), copies)

"""The bulk format, both ways, as pure functions: documents -> request bytes, reply -> one result each.

https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-bulk
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import orjson

from warta_index.connection import Reply
from warta_index.document import Document
from warta_index.results import Indexed, ItemResult, Rejected, Superseded, Unavailable

DETAIL_MAX = 1_000
FILTER_PATH = (
    "errors,items.*.status,items.*.result,"
    "items.*.error.type,items.*.error.reason,items.*.error.caused_by.reason"
)
CONFLICT, TOO_LARGE, SERVER_ERROR = 409, 413, 500

UNREADABLE = (AttributeError, KeyError, TypeError, ValueError)
"""What reading a reply raises that is not shaped like one."""

CREATED, INDEXED, SUPERSEDED = Indexed(first=True), Indexed(), Superseded()

REQUEST_TROUBLE = {
    401: "wrong-key",
    403: "forbidden",
    404: "missing-alias",
    408: "timeout",
    429: "busy",
    500: "server-error",
    502: "unavailable",
    503: "unavailable",
    504: "timeout",
}
"""Reason by the status of a whole request."""

SET_UP_TROUBLE = {
    "index_not_found_exception": "missing-alias",
    "index_closed_exception": "index-closed",
    "cluster_block_exception": "write-blocked",
    "security_exception": "forbidden",
    "unavailable_shards_exception": "unavailable",
    "no_shard_available_action_exception": "unavailable",
    "circuit_breaking_exception": "busy",
    "es_rejected_execution_exception": "busy",
}
"""Reason by the type of an item's error: no fault of the document, whatever the status says."""

NO_WRITE_INDEX = "no write index is defined for alias"


def split(documents: Sequence[Document], most: int, most_bytes: int) -> Iterator[list[Document]]:
    """Cut into requests of at most `most` documents and `most_bytes` bytes; a larger document goes alone."""
    chunk: list[Document] = []
    size = 0
    for document in documents:
        if chunk and (len(chunk) >= most or size + len(document.body) > most_bytes):
            yield chunk
            chunk, size = [], 0
        chunk.append(document)
        size += len(document.body)
    if chunk:
        yield chunk


GREATER_OR_EQUAL, GREATER = b"external_gte", b"external"
"""What is written: the same version again too, or only a newer one; everything else is refused with 409."""


def encode_request(
    documents: Sequence[Document], also: str | None = None, versions: bytes = GREATER_OR_EQUAL
) -> bytes:
    """Two lines a document, for the index of the request; then the same two for the index `also`."""
    lines: list[bytes] = []
    other = b'"_index":"%b",' % also.encode("ascii") if also else b""
    for document in documents:
        action = b'"_id":"%b","version":%d,"version_type":"%b"}}' % (
            document.id.encode("ascii"),
            document.version,
            versions,
        )
        lines += (b'{"index":{' + action, document.body)
        if other:
            lines += (b'{"index":{' + other + action, document.body)
    lines.append(b"")
    return b"\n".join(lines)


def read_reply(reply: Reply, expected: int) -> list[ItemResult]:
    """One result for each document of the request, in its order; never fewer, whatever came back."""
    if not reply.ok:
        return [_request_trouble(reply, expected)] * expected
    try:
        items = orjson.loads(reply.body)["items"]
        results = [_read_item(item) for item in items[:expected]]
    except UNREADABLE:
        return [Unavailable("bad-reply", f"not a bulk reply: {reply.body[:80]!r}")] * expected
    missing = expected - len(results)
    return results + [Unavailable("incomplete-reply", f"{missing} of {expected} items missing")] * missing


def read_refusal(reply: Reply) -> ItemResult:
    """A 400 or 413 for one document alone: Elasticsearch's own word is final, any other server's 400 is not."""
    kind, explanation = reply.error()
    if reply.status == TOO_LARGE:
        return Rejected("too-large", explanation[:DETAIL_MAX])
    return Rejected(_label(kind), explanation[:DETAIL_MAX]) if kind else _request_trouble(reply, 1)


def _request_trouble(reply: Reply, expected: int) -> Unavailable:
    """Only a document that was alone in a request can be to blame for an internal error."""
    kind, explanation = reply.error()
    reason = REQUEST_TROUBLE.get(reply.status, "unexpected-status")
    if reason != "wrong-key":
        reason = SET_UP_TROUBLE.get(kind, reason)
    systemic = not (reply.status == SERVER_ERROR and expected == 1)
    return Unavailable(reason, f"status {reply.status} {kind}: {explanation}"[:DETAIL_MAX], systemic)


def _read_item(item: dict[str, dict[str, Any]]) -> ItemResult:
    (outcome,) = item.values()
    status = outcome["status"]
    if 200 <= status < 300:
        return CREATED if outcome.get("result") == "created" else INDEXED
    if status == CONFLICT:
        return SUPERSEDED
    if status < 400:
        raise ValueError(f"{status} is neither success nor failure")
    error = outcome.get("error") or {}
    kind, detail = str(error.get("type", "")), _explanation(error)
    if reason := _item_trouble(status, kind, detail):
        return Unavailable(reason, detail, systemic=status != SERVER_ERROR)
    return Rejected(_label(kind), detail)


def _item_trouble(status: int, kind: str, detail: str) -> str | None:
    """Why the item may yet succeed; None when it cannot."""
    if kind in SET_UP_TROUBLE:
        return SET_UP_TROUBLE[kind]
    if NO_WRITE_INDEX in detail:
        return "missing-alias"
    return REQUEST_TROUBLE.get(status) or ("server-error" if status > SERVER_ERROR else None)


def _explanation(error: dict[str, Any]) -> str:
    cause = error.get("caused_by") or {}
    return ": ".join(str(text) for text in (error.get("reason"), cause.get("reason")) if text)[:DETAIL_MAX]


def _label(kind: str) -> str:
    """Elasticsearch's word, when it is fit to be a label."""
    return kind if re.fullmatch(r"[a-z][a-z0-9_]{2,80}", kind) else "rejected"

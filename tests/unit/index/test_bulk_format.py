"""The bulk format both ways, without a server: framing, cutting, and reading replies of every kind."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from warta_index.bulk import GREATER, encode_request, read_refusal, read_reply, split
from warta_index.connection import Reply
from warta_index.document import Document
from warta_index.results import Indexed, Rejected, Superseded, Unavailable


def document(number: int = 0, size: int = 10) -> Document:
    return Document(id=f"doc{number}", version=100 + number, body=b"x" * size)


def bulk_reply(*items: dict[str, Any], status: int = 200) -> Reply:
    return Reply(status, orjson.dumps({"errors": True, "items": [{"index": item} for item in items]}))


def failed(status: int, kind: str, reason: str = "why", cause: str = "") -> dict[str, Any]:
    error = {"type": kind, "reason": reason} | ({"caused_by": {"reason": cause}} if cause else {})
    return {"status": status, "error": error}


def test_a_request_is_one_action_line_and_one_document_line_each() -> None:
    request = encode_request([Document("a", 5, b'{"n":1}'), Document("b", 6, b'{"n":2}')])
    assert request == (
        b'{"index":{"_id":"a","version":5,"version_type":"external_gte"}}\n{"n":1}\n'
        b'{"index":{"_id":"b","version":6,"version_type":"external_gte"}}\n{"n":2}\n'
    )


def test_a_request_for_two_indices_has_each_document_twice() -> None:
    request = encode_request([Document("a", 5, b'{"n":1}')], "articles-mirror", GREATER)
    assert request == (
        b'{"index":{"_id":"a","version":5,"version_type":"external"}}\n{"n":1}\n'
        b'{"index":{"_index":"articles-mirror","_id":"a","version":5,"version_type":"external"}}\n{"n":1}\n'
    )


@pytest.mark.parametrize(
    ("sizes", "most", "most_bytes", "expected"),
    [
        ([], 2, 100, []),
        ([10, 10, 10], 2, 100, [[10, 10], [10]]),
        ([60, 50, 40, 10], 9, 100, [[60], [50, 40, 10]]),
        ([10, 500, 10], 9, 100, [[10], [500], [10]]),
        ([100, 100], 9, 100, [[100], [100]]),
    ],
)
def test_requests_are_cut_by_count_and_by_bytes(
    sizes: list[int], most: int, most_bytes: int, expected: list[list[int]]
) -> None:
    chunks = split([document(size=size) for size in sizes], most, most_bytes)
    assert [[len(d.body) for d in chunk] for chunk in chunks] == expected


ITEMS = [
    ({"status": 201}, Indexed()),
    ({"status": 200}, Indexed()),
    (failed(409, "version_conflict_engine_exception"), Superseded()),
    (failed(429, "es_rejected_execution_exception"), Unavailable("busy", "why")),
    (failed(429, "circuit_breaking_exception"), Unavailable("busy", "why")),
    (failed(429, "cluster_block_exception"), Unavailable("write-blocked", "why")),
    (failed(403, "cluster_block_exception"), Unavailable("write-blocked", "why")),
    (failed(403, "security_exception"), Unavailable("forbidden", "why")),
    (failed(404, "index_not_found_exception"), Unavailable("missing-alias", "why")),
    (failed(400, "index_closed_exception"), Unavailable("index-closed", "why")),
    (
        failed(400, "illegal_argument_exception", "no write index is defined for alias [articles-write]"),
        Unavailable("missing-alias", "no write index is defined for alias [articles-write]"),
    ),
    (failed(503, "unavailable_shards_exception"), Unavailable("unavailable", "why")),
    (failed(500, "null_pointer_exception"), Unavailable("server-error", "why", systemic=False)),
    (failed(507, "unheard_of_exception"), Unavailable("server-error", "why")),
    (
        failed(400, "document_parsing_exception", "[1:5] failed to parse field", cause="For input string"),
        Rejected("document_parsing_exception", "[1:5] failed to parse field: For input string"),
    ),
    (failed(400, "strict_dynamic_mapping_exception"), Rejected("strict_dynamic_mapping_exception", "why")),
    (failed(400, "Not A Label\n"), Rejected("rejected", "why")),
    ({"status": 400}, Rejected("rejected", "")),
]


@pytest.mark.parametrize(("item", "result"), ITEMS)
def test_each_item_is_read_by_its_status_and_type(item: dict[str, Any], result: object) -> None:
    assert read_reply(bulk_reply({"status": 201}, item, {"status": 201}), 3) == [Indexed(), result, Indexed()]


WHOLE = [
    (401, "security_exception", "wrong-key"),
    (403, "security_exception", "forbidden"),
    (404, "index_not_found_exception", "missing-alias"),
    (429, "circuit_breaking_exception", "busy"),
    (429, "es_rejected_execution_exception", "busy"),
    (500, "exception", "server-error"),
    (503, "cluster_block_exception", "write-blocked"),
    (503, "unavailable", "unavailable"),
    (302, "", "unexpected-status"),
    (405, "", "unexpected-status"),
]


@pytest.mark.parametrize(("status", "kind", "reason"), WHOLE)
def test_a_request_that_fails_as_a_whole_blames_no_document(status: int, kind: str, reason: str) -> None:
    reply = Reply(status, orjson.dumps({"error": {"type": kind, "reason": "why"}, "status": status}))
    results = read_reply(reply, 2)
    assert [(type(r), r.reason, r.systemic) for r in results if isinstance(r, Unavailable)] == [
        (Unavailable, reason, True)
    ] * 2


def test_an_internal_error_for_one_document_alone_is_held_against_it() -> None:
    (result,) = read_reply(Reply(500, b"{}"), 1)
    assert result == Unavailable("server-error", "status 500 : {}", systemic=False)


GARBAGE = [
    b"",
    b"<html>",
    b"[]",
    b"null",
    b'{"items":7}',
    b'{"items":[7]}',
    b'{"items":[{}]}',
    b'{"items":[{"index":{}}]}',
    b'{"items":{"a":1}}',
    b'{"items":[{"index":{"status":"x"}}]}',
    b'{"items":[{"index":{"status":302}}]}',
    b'{"items":[{"index":{"status":400,"error":"x"}}]}',
]


@pytest.mark.parametrize("body", GARBAGE)
def test_a_reply_that_cannot_be_read_settles_nothing(body: bytes) -> None:
    results = read_reply(Reply(200, body), 2)
    assert [r.reason for r in results if isinstance(r, Unavailable)] == ["bad-reply", "bad-reply"]


def test_items_that_are_missing_are_not_taken_for_done() -> None:
    results = read_reply(bulk_reply({"status": 201}), 3)
    assert results[0] == Indexed()
    assert results[1:] == [Unavailable("incomplete-reply", "2 of 3 items missing")] * 2


def test_items_that_nobody_asked_for_are_ignored() -> None:
    assert read_reply(bulk_reply({"status": 201}, {"status": 400}), 1) == [Indexed()]


def test_a_refused_document_is_rejected_only_by_elasticsearch_itself() -> None:
    parse_error = {"error": {"type": "illegal_argument_exception", "reason": "Malformed action"}}
    assert read_refusal(Reply(400, orjson.dumps(parse_error))) == Rejected(
        "illegal_argument_exception", "Malformed action"
    )
    assert read_refusal(Reply(413, b"<html>too large</html>")) == Rejected(
        "too-large", "<html>too large</html>"
    )
    answer_of_a_proxy = read_refusal(Reply(400, b"<html>bad request</html>"))
    assert isinstance(answer_of_a_proxy, Unavailable)
    assert answer_of_a_proxy.reason == "unexpected-status"


def test_details_are_bounded() -> None:
    (result,) = read_reply(bulk_reply(failed(400, "document_parsing_exception", "x" * 9_000)), 1)
    assert isinstance(result, Rejected)
    assert len(result.detail) == 1_000

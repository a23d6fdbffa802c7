"""The writer against a real HTTP server that fails in every way that a cluster, a proxy or a network can."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from bulk_stub import (
    BulkStub,
    Received,
    Step,
    all_well,
    answer,
    cut_after_execution,
    cut_in_the_answer,
    items,
    reply_of,
    slow,
    whole,
)

from warta_index.connection import Connection
from warta_index.credentials import Credentials, of_key
from warta_index.document import Document
from warta_index.results import Indexed, ItemResult, Rejected, Superseded, Unavailable
from warta_index.settings import ElasticsearchSettings
from warta_index.writer import BulkLimits, BulkWriter

LIMITS = BulkLimits(docs=500, bytes=5_000_000, in_flight=2, request_timeout=0.5, deadline=3.0)


@pytest.fixture
async def stub() -> AsyncIterator[BulkStub]:
    server = BulkStub()
    await server.start()
    yield server
    await server.stop()


def documents(number: int, size: int = 20) -> list[Document]:
    return [Document(f"d{n}", 100 + n, b'{"n":%d,"text":"%b"}' % (n, b"x" * size)) for n in range(number)]


async def write(
    stub: BulkStub, docs: list[Document], limits: BulkLimits = LIMITS, within: float | None = None
) -> list[ItemResult]:
    results, _ = await write_and_trouble(stub, docs, limits, within)
    return results


async def write_and_trouble(
    stub: BulkStub, docs: list[Document], limits: BulkLimits = LIMITS, within: float | None = None
) -> tuple[list[ItemResult], Unavailable | None]:
    async with Connection(ElasticsearchSettings(elasticsearch_url=stub.url), Credentials()) as connection:
        writer = BulkWriter(connection, limits)
        return await writer.write(docs, within), writer.trouble


async def test_one_request_with_raw_documents_to_the_alias_only(stub: BulkStub) -> None:
    assert await write(stub, documents(2)) == [Indexed(), Indexed()]
    (request,) = stub.received
    assert request.target.startswith("/articles-write/_bulk?require_alias=true&filter_path=errors,items")
    assert request.headers["Content-Type"] == "application/x-ndjson"
    assert "Content-Encoding" not in request.headers
    assert request.items == [
        ("d0", 100, {"n": 0, "text": "x" * 20}),
        ("d1", 101, {"n": 1, "text": "x" * 20}),
    ]


async def test_large_requests_are_compressed_when_they_leave_the_machine(stub: BulkStub) -> None:
    """0.0.0.0 reaches this machine, but is no loopback address."""
    stub.url = stub.url.replace("127.0.0.1", "0.0.0.0")  # noqa: S104
    assert await write(stub, documents(30, size=1_000)) == [Indexed()] * 30
    assert await write(stub, documents(1)) == [Indexed()]
    assert [request.headers.get("Content-Encoding") for request in stub.received] == ["gzip", None]
    assert int(stub.received[0].headers["Content-Length"]) < 5_000
    assert len(stub.received[0].items) == 30


async def test_no_documents_no_request(stub: BulkStub) -> None:
    assert await write(stub, []) == []
    assert stub.received == []


async def test_only_what_was_refused_for_now_is_sent_again(stub: BulkStub) -> None:
    stub.script = [
        items(
            201,
            (429, "es_rejected_execution_exception"),
            (400, "document_parsing_exception"),
            (409, "x"),
            (503, "x"),
        ),
        items(201, (429, "circuit_breaking_exception")),
        items(201),
    ]
    results = await write(stub, documents(5))
    assert results == [Indexed(), Indexed(), Rejected("document_parsing_exception"), Superseded(), Indexed()]
    assert [request.ids for request in stub.received] == [
        ["d0", "d1", "d2", "d3", "d4"],
        ["d1", "d4"],
        ["d4"],
    ]


@pytest.mark.parametrize(
    "failure",
    [
        whole(503, "unavailable"),
        whole(502, content_type="text/html"),
        whole(429, "es_rejected_execution_exception"),
        cut_after_execution,
        cut_in_the_answer,
        slow(1.0),
        answer(b"<html>welcome to the wifi</html>", "text/html"),
        answer(b"\x00\xff\x00", "image/png"),
        answer(b"not json"),
        answer(b""),
        answer(b'{"took":1}'),
        answer(reply_of({"status": 201})),
    ],
    ids=[
        "503", "502-from-a-proxy", "429", "cut-after-execution", "cut-in-the-answer", "slow", "html", "image",
        "no-json", "empty", "no-items", "too-few-items",
    ],
)  # fmt: skip
async def test_a_failure_that_passes_costs_nothing_but_time(stub: BulkStub, failure: Step) -> None:
    stub.script = [failure]
    results, trouble = await write_and_trouble(stub, documents(3))
    assert results == [Indexed()] * 3
    assert trouble is None
    assert len(stub.received) == 2
    assert stub.received[0].items[-1] == stub.received[1].items[-1], "the same version is sent again"


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (whole(503, "unavailable"), "unavailable"),
        (whole(429, "circuit_breaking_exception"), "busy"),
        (cut_after_execution, "network"),
        (slow(1.0), "timeout"),
        (answer(b"<html>", "text/html"), "bad-reply"),
    ],
)
async def test_a_failure_that_lasts_is_handed_back_in_time_and_named(
    stub: BulkStub, failure: Step, reason: str
) -> None:
    stub.script = [failure] * 50
    clock = asyncio.get_running_loop().time
    started = clock()
    results, trouble = await write_and_trouble(stub, documents(3), within=1.2)
    assert [(type(r), r.reason, r.systemic) for r in results if isinstance(r, Unavailable)] == [
        (Unavailable, reason, True)
    ] * 3
    assert trouble is not None
    assert trouble.reason == reason
    assert clock() - started < 1.7


async def test_a_server_that_is_not_there_is_a_network_failure(stub: BulkStub) -> None:
    await stub.stop()
    (result,) = await write(stub, documents(1), within=0.5)
    assert isinstance(result, Unavailable)
    assert result.reason == "network"


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (whole(401, "security_exception"), "wrong-key"),
        (whole(403, "security_exception"), "forbidden"),
        (whole(404, "index_not_found_exception"), "missing-alias"),
        (items((403, "cluster_block_exception"), (429, "cluster_block_exception")), "write-blocked"),
        (items((404, "index_not_found_exception"), (404, "index_not_found_exception")), "missing-alias"),
    ],
)
async def test_what_a_person_must_mend_is_handed_back_at_once(
    stub: BulkStub, failure: Step, reason: str
) -> None:
    stub.script = [failure]
    results, trouble = await write_and_trouble(stub, documents(2))
    assert [r.reason for r in results if isinstance(r, Unavailable)] == [reason, reason]
    assert trouble is not None
    assert trouble.reason == reason
    assert len(stub.received) == 1


async def test_trouble_ends_with_the_first_request_that_goes_well(stub: BulkStub) -> None:
    stub.script = [whole(401, "security_exception")]
    async with Connection(ElasticsearchSettings(elasticsearch_url=stub.url), Credentials()) as connection:
        writer = BulkWriter(connection, LIMITS)
        await writer.write(documents(1))
        assert writer.trouble is not None
        assert await writer.write(documents(1)) == [Indexed()]
        assert writer.trouble is None


async def test_one_bad_document_is_no_trouble_of_the_service(stub: BulkStub) -> None:
    stub.script = [items((400, "document_parsing_exception"))]
    results, trouble = await write_and_trouble(stub, documents(1))
    assert results == [Rejected("document_parsing_exception")]
    assert trouble is None


@pytest.mark.parametrize(
    ("status", "kind", "reason"), [(400, "parse_exception", "parse_exception"), (413, "", "too-large")]
)
async def test_a_request_refused_for_one_document_is_divided_until_it_stands_alone(
    stub: BulkStub, status: int, kind: str, reason: str
) -> None:
    refuse = whole(status, kind, "text/html" if not kind else "application/json")

    async def refuse_the_third(request: web.Request, received: Received) -> web.StreamResponse:
        return await (refuse if "d2" in received.ids else all_well)(request, received)

    stub.script = [refuse_the_third] * 20
    results = await write(stub, documents(5))
    assert [type(result) for result in results] == [Indexed, Indexed, Rejected, Indexed, Indexed]
    assert isinstance(results[2], Rejected)
    assert results[2].reason == reason


async def test_requests_keep_to_count_bytes_and_number_in_flight(stub: BulkStub) -> None:
    stub.seconds = 0.05
    limits = BulkLimits(docs=40, bytes=10_000, in_flight=3, request_timeout=2, deadline=5)
    results = await write(stub, documents(200, size=500), limits)
    assert results == [Indexed()] * 200
    assert stub.at_once == 3
    assert all(len(request.items) <= 40 for request in stub.received)
    assert all(sum(len(str(d)) for _, _, d in request.items) < 12_000 for request in stub.received)
    assert sorted(i for request in stub.received for i in request.ids) == sorted(d.id for d in documents(200))


async def test_a_batch_is_spread_over_the_requests_in_flight(stub: BulkStub) -> None:
    stub.seconds = 0.05
    await write(stub, documents(500))
    assert sorted(len(request.items) for request in stub.received) == [250, 250]
    assert stub.at_once == 2


async def test_a_batch_of_usual_size_is_one_request(stub: BulkStub) -> None:
    await write(stub, documents(200))
    assert [len(request.items) for request in stub.received] == [200]


async def test_results_stand_in_the_order_of_the_documents(stub: BulkStub) -> None:
    stub.script = [items(*[201] * 49, (400, "second")), items(*[201] * 49, (400, "first"))]
    limits = BulkLimits(docs=50, bytes=5_000_000, in_flight=1, request_timeout=2, deadline=5)
    results = await write(stub, documents(100), limits)
    assert [n for n, result in enumerate(results) if isinstance(result, Rejected)] == [49, 99]


async def test_the_key_is_sent_but_never_logged(stub: BulkStub, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    stub.script = [whole(401, "security_exception"), cut_after_execution, whole(503, "unavailable")]
    async with Connection(
        ElasticsearchSettings(elasticsearch_url=stub.url), of_key("a2V5LXNlY3JldA==")
    ) as connection:
        writer = BulkWriter(connection, LIMITS)
        await writer.write(documents(1))
        await writer.write(documents(1), within=0.1)
        await writer.write(documents(1))
    assert {request.headers["Authorization"] for request in stub.received} == {"ApiKey a2V5LXNlY3JldA=="}
    assert "a2V5" not in caplog.text

"""How `warta push` goes on: what it sends at once, when it waits, and when it gives up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import orjson
import pytest

from warta_ingest.cli.sender import BYTES_A_REQUEST, NotSent, Sender, batches, retry_after
from warta_shared.cli.failure import PROBLEM, UNREACHABLE

Answer = httpx.Response | Exception


def stored(*places: int) -> httpx.Response:
    return httpx.Response(
        202, json={"results": [{"index": place, "status": "published"} for place in places]}
    )


def busy(status: int, wait: str) -> httpx.Response:
    return httpx.Response(status, json={"detail": "later"}, headers={"retry-after": wait})


class Api:
    """Gives the answers of a list, one a request, and notes how long the sender slept."""

    def __init__(self, *answers: Answer, patience: float = 60) -> None:
        self._answers = list(answers)
        self.bodies: list[bytes] = []
        self.slept: list[float] = []
        self.told: list[str] = []
        client = httpx.Client(base_url="http://api.example", transport=httpx.MockTransport(self._answer))
        self.sender = Sender(client, patience, self.told.append, self.slept.append)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.bodies.append(request.content)
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def refusal(send: Callable[[], Any]) -> NotSent:
    with pytest.raises(NotSent) as refused:
        send()
    return refused.value


def test_requests_are_bounded_by_count_and_bytes() -> None:
    articles = [{"body": "x" * 10}] * 250
    assert [len(batch) for batch in batches(articles)] == [100, 100, 50]
    heavy = [{"body": "x" * (BYTES_A_REQUEST // 3)}] * 5 + [{"body": "x" * BYTES_A_REQUEST * 2}, {"body": ""}]
    assert [len(batch) for batch in batches(heavy)] == [2, 2, 1, 1, 1]
    assert list(batches([])) == []


def test_a_batch_travels_as_ndjson() -> None:
    api = Api(stored(0, 1))
    [batch] = batches([{"a": 1}, {"a": "baris\nbaru"}])
    assert [result["status"] for result in api.sender.send(batch)] == ["published", "published"]
    assert [orjson.loads(line) for line in api.bodies[0].split(b"\n")] == [{"a": 1}, {"a": "baris\nbaru"}]


def test_it_waits_as_long_as_it_is_told_and_sends_the_same_again() -> None:
    api = Api(busy(503, "5"), busy(429, "30"), stored(0))
    api.sender.send([b"{}"])
    assert api.slept == [5, 30]
    assert set(api.bodies) == {b"{}"}
    assert api.told == ["503: later; again in 5 s", "429: later; again in 30 s"]


def test_its_patience_has_an_end() -> None:
    api = Api(*[busy(503, "5")] * 5, patience=12)
    assert refusal(lambda: api.sender.send([b"{}"])).code == UNREACHABLE
    assert api.slept == [5, 5]


def test_articles_that_change_too_often_are_a_result_not_a_reason_to_wait() -> None:
    capped = {
        "detail": "too often",
        "results": [{"index": 0, "status": "revision-capped", "retry_after": 1_800}],
    }
    api = Api(httpx.Response(429, json=capped, headers={"retry-after": "1800"}))
    assert api.sender.send([b"{}"])[0]["status"] == "revision-capped"
    assert api.slept == []


def test_invalid_articles_are_results() -> None:
    api = Api(httpx.Response(422, json={"results": [{"index": 0, "status": "invalid", "errors": ["title"]}]}))
    assert api.sender.send([b"{}"])[0]["status"] == "invalid"


def test_what_is_too_large_together_is_sent_in_halves() -> None:
    too_large = httpx.Response(413, json={"detail": "send several"})
    api = Api(too_large, stored(0), too_large, stored(0), stored(0))
    results = api.sender.send([b"1", b"2", b"3"])
    assert [result["index"] for result in results] == [0, 1, 2]
    assert api.bodies == [b"1\n2\n3", b"1", b"2\n3", b"2", b"3"]


def test_what_is_too_large_alone_is_a_problem() -> None:
    refused = refusal(lambda: Api(httpx.Response(413, json={"detail": "send several"})).sender.send([b"{}"]))
    assert (refused.code, str(refused)) == (PROBLEM, "413: send several")


def test_a_wrong_key_is_a_problem_with_advice() -> None:
    refused = refusal(lambda: Api(httpx.Response(401, json={"detail": "not known"})).sender.send([b"{}"]))
    assert refused.code == PROBLEM
    assert "WARTA_PUSH_KEY" in refused.advice


def test_nobody_there_from_the_start_is_told_at_once() -> None:
    api = Api(httpx.ConnectError("refused"))
    refused = refusal(lambda: api.sender.send([b"{}"]))
    assert (refused.code, api.slept) == (UNREACHABLE, [])
    assert "WARTA_INGEST_URL" in refused.advice


def test_an_api_that_goes_away_between_two_requests_is_waited_for() -> None:
    api = Api(stored(0), httpx.ConnectError("refused"), httpx.ReadError("cut"), stored(0))
    api.sender.send([b"{}"])
    api.sender.send([b"{}"])
    assert api.slept == [0.5, 1.0]


def test_a_lost_reply_is_asked_for_again() -> None:
    api = Api(httpx.ReadTimeout(""), stored(0))
    assert len(api.sender.send([b"{}"])) == 1
    assert "ReadTimeout" in api.told[0]


@pytest.mark.parametrize(
    "answer", [httpx.Response(200, text="<html>"), httpx.Response(502, json=[1]), httpx.Response(302)]
)
def test_another_server_at_that_address_is_a_problem(answer: httpx.Response) -> None:
    refused = refusal(lambda: Api(answer).sender.send([b"{}"]))
    assert refused.code == PROBLEM
    assert "no answer of the push API" in str(refused)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        ("999999", 60),
        ("0", 0),
        ("", 5),
        ("soon", 5),
        ("-3", 5),
        ("²", 5),
        ("Wed, 21 Oct 2026 07:28:00 GMT", 5),
    ],
)
def test_retry_after_is_read_with_care(header: str, seconds: float) -> None:
    headers = [(b"retry-after", header.encode("latin-1", "replace"))]
    assert retry_after(httpx.Response(503, headers=headers)) == seconds

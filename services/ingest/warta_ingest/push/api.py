"""POST /v1/articles: 202 only when Redis has what it reports as published."""

from __future__ import annotations

import asyncio
import logging
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from fastapi import FastAPI, Request
from pydantic import ValidationError
from redis.exceptions import RedisError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from warta_ingest.draft import Draft
from warta_ingest.push.article import PushedArticle
from warta_ingest.push.body import items, read_body
from warta_ingest.push.budget import Budget
from warta_ingest.push.keys import PushKeys
from warta_ingest.push.openapi import PATH, TITLE, VERSION, openapi_document
from warta_ingest.push.problem import Problem, whole_seconds
from warta_ingest.push.rate import RateLimit
from warta_ingest.registry.fate import STORED, Fate, Result
from warta_ingest.registry.publisher import ArticlePublisher, TooBusy
from warta_ingest.settings import IngestSettings
from warta_shared.delivery.publish import NotReplicated
from warta_shared.telemetry import metrics

log = logging.getLogger(__name__)

AGAIN_SECONDS = 5.0
# The objects of a body take many times its bytes: only so many bodies are objects at once.
PARSED_AT_ONCE = 2
ERRORS_MAX = 10
ERROR_LENGTH = 300

_TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")

Refusal = Callable[[], Awaitable[str]]


class PushApi(FastAPI):
    """The HTTP application; it describes itself at /openapi.json."""

    def openapi(self) -> dict[str, Any]:
        """The document of openapi.py: FastAPI cannot see what the body holds."""
        self.openapi_schema = self.openapi_schema or openapi_document()
        return self.openapi_schema


def push_api(settings: IngestSettings, publisher: ArticlePublisher, refusal: Refusal) -> FastAPI:
    """The application; `refusal` names why nothing may be published now ('' when it may)."""
    api = PushApi(title=TITLE, version=VERSION, docs_url=None, redoc_url=None)
    push = _Push(settings, publisher, refusal).push
    api.add_api_route(PATH, push, methods=["POST"], status_code=202, response_class=JSONResponse)
    api.add_exception_handler(Problem, _answer_problem)
    api.add_exception_handler(HTTPException, _answer_http_error)
    api.add_exception_handler(Exception, _answer_fault)
    return api


class _Push:
    def __init__(self, settings: IngestSettings, publisher: ArticlePublisher, refusal: Refusal) -> None:
        self._settings = settings
        self._publisher = publisher
        self._refusal = refusal
        self._keys = PushKeys(settings.push_keys.get_secret_value())
        self._rate = RateLimit(settings.push_articles_per_minute)
        self._budget = Budget(settings.push_bytes_in_flight)
        self._parsing = asyncio.Semaphore(PARSED_AT_ONCE)
        if not self._keys:
            log.warning(
                "no-push-keys", extra={"advice": "set WARTA_PUSH_KEYS_FILE; until then pushes get 401"}
            )

    async def push(self, request: Request) -> Response:
        holder = self._keys.holder(request.headers.get("authorization"))
        if reason := await self._refusal():
            raise Problem(503, f"Waiting for the system to catch up ({reason}).", retry_after=AGAIN_SECONDS)
        with self._budget.share() as share:
            encoding = request.headers.get("content-encoding", "").strip().lower()
            deadline = self._settings.push_deadline
            body = await read_body(request.stream(), encoding, self._settings.push_bytes_max, deadline, share)
            drafts = await self._drafts(holder, body, request.headers.get("content-type", ""))
            traceparent = request.headers.get("traceparent", "")
            valid = [draft for draft in drafts if isinstance(draft, Draft)]
            published = await self._publish(valid, traceparent if _TRACEPARENT.fullmatch(traceparent) else "")
        return _answer(holder, _told(drafts, published))

    async def _drafts(self, holder: str, body: bytes, content_type: str) -> list[Draft | list[str]]:
        """For each item its draft, or what is wrong with it; in threads, since 16 MB take a second."""
        most = min(self._settings.push_articles_max, self._settings.push_articles_per_minute)
        async with self._parsing:
            found = await asyncio.to_thread(items, body, content_type, most)
            self._rate.take(holder, len(found))
            return await asyncio.to_thread(lambda: [_draft(item) for item in found])

    async def _publish(self, drafts: Sequence[Draft], traceparent: str) -> list[Result]:
        try:
            return await self._publisher.publish(drafts, traceparent)
        except (RedisError, OSError, NotReplicated, TooBusy) as error:
            log.warning("push-not-stored", extra={"error": f"{type(error).__name__}: {error}"[:300]})
            detail = "Not stored, or only in part; send the same again: nothing is published twice."
            raise Problem(503, detail, retry_after=AGAIN_SECONDS) from error


def _draft(item: Any) -> Draft | list[str]:
    if isinstance(item, ValueError):
        return [f"not JSON: {item}"[:ERROR_LENGTH]]
    try:
        return PushedArticle.model_validate(item).draft()
    except ValidationError as error:
        return [
            f"{'.'.join(map(str, e['loc'])) or 'article'}: {e['msg']}"[:ERROR_LENGTH]
            for e in error.errors(include_input=False, include_url=False)[:ERRORS_MAX]
        ]


def _told(drafts: Sequence[Draft | list[str]], published: Sequence[Result]) -> list[dict[str, Any]]:
    answers = iter(published)
    results: list[dict[str, Any]] = []
    for index, draft in enumerate(drafts):
        if isinstance(draft, Draft):
            results.append({"index": index, **_result(next(answers))})
        else:
            results.append({"index": index, "status": Fate.INVALID.value, "errors": draft})
    return results


def _result(result: Result) -> dict[str, Any]:
    told: dict[str, Any] = {"id": result.id, "status": result.fate.value}
    if result.revision:
        told["revision"] = result.revision
    if result.fate is Fate.CAPPED:
        told["retry_after"] = whole_seconds(result.retry_after)
    if result.detail:
        told["errors"] = [result.detail]
    return told


def _answer(holder: str, results: list[dict[str, Any]]) -> Response:
    counts = Counter(result["status"] for result in results)
    for status, number in counts.items():
        metrics.PUSHED.labels(status).inc(number)
    log.info("pushed", extra={"key": holder, "articles": counts})
    if STORED & counts.keys():
        return JSONResponse({"results": results}, 202)
    if Fate.CAPPED in counts:
        wait = max(result.get("retry_after", 0) for result in results)
        detail = "These articles have changed too often within the hour."
        raise Problem(429, detail, retry_after=wait, results=results)
    raise Problem(422, "No article of the request is valid.", results=results)


async def _answer_problem(_request: Request, problem: Exception) -> Response:
    if not isinstance(problem, Problem):
        raise problem
    metrics.PUSH_REFUSED.labels(str(problem.status)).inc()
    return problem.response()


async def _answer_http_error(request: Request, error: Exception) -> Response:
    """What the router refuses: another method."""
    if not isinstance(error, HTTPException):
        raise error
    problem = Problem(error.status_code, f"{PATH} takes POST.", headers=error.headers)
    return await _answer_problem(request, problem)


async def _answer_fault(request: Request, _error: Exception) -> Response:
    """A fault of ours; the server logs it. Whether the articles are stored is not known."""
    return await _answer_problem(
        request, Problem(500, "Not known whether it is stored; send the same again.")
    )

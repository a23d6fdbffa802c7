"""POST /v1/articles: 202 only when Redis has what it reports as published."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from pydantic import ValidationError
from redis.exceptions import RedisError

from warta_ingest.draft import Draft
from warta_ingest.push.article import PushedArticle
from warta_ingest.push.body import items, read_body
from warta_ingest.push.keys import PushKeys
from warta_ingest.push.openapi import describe
from warta_ingest.push.problem import Problem
from warta_ingest.push.rate import RateLimit
from warta_ingest.registry.publisher import ArticlePublisher, Fate, Result, TooBusy
from warta_ingest.settings import IngestSettings
from warta_shared.delivery.publish import NotReplicated
from warta_shared.telemetry import metrics

log = logging.getLogger(__name__)

AGAIN_SECONDS = 5.0


def push_api(
    settings: IngestSettings, publisher: ArticlePublisher, refusal: Callable[[], Awaitable[str]]
) -> FastAPI:
    """The HTTP application; `refusal` names why nothing may be published now ('' when it may)."""
    api = FastAPI(title="Warta push API", version="1", docs_url=None, redoc_url=None)
    keys = PushKeys(settings.push_keys.get_secret_value())
    rate = RateLimit(settings.push_articles_per_minute)

    async def push(request: Request) -> Response:
        holder = keys.holder(request.headers.get("authorization"))
        encoding = request.headers.get("content-encoding", "").strip().lower()
        body = await read_body(request.stream(), encoding, settings.push_bytes_max, settings.push_deadline)
        found = items(body, request.headers.get("content-type", ""), settings.push_articles_max)
        rate.take(holder, len(found))
        if reason := await refusal():
            raise Problem(503, f"Waiting for the system to catch up ({reason}).", retry_after=AGAIN_SECONDS)
        drafts = [_draft(item) for item in found]
        published = await _publish(publisher, [draft for draft in drafts if isinstance(draft, Draft)])
        return _answer(holder, drafts, published)

    async def answer_problem(_request: Request, problem: Exception) -> Response:
        if not isinstance(problem, Problem):
            raise problem
        metrics.PUSH_REFUSED.labels(str(problem.status)).inc()
        return problem.response()

    api.add_api_route(
        "/v1/articles",
        push,
        methods=["POST"],
        status_code=202,
        response_class=JSONResponse,
        name="push articles",
    )
    api.add_exception_handler(Problem, answer_problem)
    describe(api)
    return api


def _draft(item: Any) -> Draft | list[str]:
    """The draft, or what is wrong with the item."""
    if isinstance(item, ValueError):
        return [f"not JSON: {item}"[:300]]
    try:
        return PushedArticle.model_validate(item).draft()
    except ValidationError as error:
        return [
            f"{'.'.join(map(str, e['loc'])) or 'article'}: {e['msg']}"[:300]
            for e in error.errors(include_input=False, include_url=False)[:10]
        ]


async def _publish(publisher: ArticlePublisher, drafts: list[Draft]) -> list[Result]:
    try:
        return await publisher.publish(drafts)
    except (RedisError, OSError, NotReplicated, TooBusy) as error:
        log.warning("push-not-stored", extra={"error": f"{type(error).__name__}: {error}"[:300]})
        detail = "Not stored, or only in part; send the same again: nothing is published twice."
        raise Problem(503, detail, retry_after=AGAIN_SECONDS) from error


def _answer(holder: str, drafts: list[Draft | list[str]], published: list[Result]) -> Response:
    answers = iter(published)
    results: list[dict[str, Any]] = []
    for index, draft in enumerate(drafts):
        if isinstance(draft, Draft):
            results.append({"index": index, **_told(next(answers))})
        else:
            results.append({"index": index, "status": Fate.INVALID.value, "errors": draft})
    for result in results:
        metrics.PUSHED.labels(result["status"]).inc()
    log.info("pushed", extra={"key": holder, "articles": len(results)})
    if all(result["status"] == Fate.INVALID for result in results):
        raise Problem(422, "No article of the request is valid.", results=results)
    if all(result["status"] == Fate.CAPPED for result in results):
        wait = max(result["retry_after"] for result in results)
        raise Problem(429, "Each of these articles has changed too often.", retry_after=wait, results=results)
    return JSONResponse({"results": results}, 202)


def _told(result: Result) -> dict[str, Any]:
    told: dict[str, Any] = {"id": result.id, "status": result.fate.value}
    if result.revision:
        told["revision"] = result.revision
    if result.retry_after:
        told["retry_after"] = round(result.retry_after)
    if result.detail:
        told["errors"] = [result.detail]
    return told

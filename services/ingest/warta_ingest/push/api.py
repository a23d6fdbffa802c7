"""The push API: 202 only when Redis has what is reported as published."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from warta_ingest.push.desk import Desk, Refusal
from warta_ingest.push.openapi import PATH, TITLE, VERSION, openapi_document
from warta_ingest.push.problem import Problem
from warta_ingest.push.whole import WholePush
from warta_ingest.registry.publisher import ArticlePublisher
from warta_ingest.settings import IngestSettings
from warta_shared.delivery.broker import Redis
from warta_shared.telemetry import metrics

log = logging.getLogger(__name__)


class PushApi(FastAPI):
    """The HTTP application; it describes itself at /openapi.json."""

    def openapi(self) -> dict[str, Any]:
        """The document of openapi.py: FastAPI cannot see what the body holds."""
        self.openapi_schema = self.openapi_schema or openapi_document()
        return self.openapi_schema


def push_api(
    settings: IngestSettings, redis: Callable[[], Redis], publisher: ArticlePublisher, refusal: Refusal
) -> FastAPI:
    """The application; `refusal` names why nothing may be published now ('' when it may)."""
    api = PushApi(title=TITLE, version=VERSION, docs_url=None, redoc_url=None)
    desk = Desk(settings, redis, publisher, refusal)
    whole = WholePush(settings, desk)

    async def push(request: Request) -> Response:
        return await whole.answer(request, await desk.holder(request))

    api.add_api_route(PATH, push, methods=["POST"], status_code=202, response_class=JSONResponse)
    api.add_exception_handler(Problem, _answer_problem)
    api.add_exception_handler(HTTPException, _answer_http_error)
    api.add_exception_handler(Exception, _answer_fault)
    return api


async def _answer_problem(_request: Request, problem: Exception) -> Response:
    if not isinstance(problem, Problem):
        raise problem
    metrics.PUSH_REFUSED.labels(str(problem.status)).inc()
    return problem.response()


async def _answer_http_error(request: Request, error: Exception) -> Response:
    """What the router refuses: another method, another path."""
    if not isinstance(error, HTTPException):
        raise error
    allowed = (error.headers or {}).get("Allow") or (error.headers or {}).get("allow")
    detail = f"This path takes {allowed}." if allowed else "There is nothing at this path."
    return await _answer_problem(request, Problem(error.status_code, detail, headers=error.headers))


async def _answer_fault(request: Request, _error: Exception) -> Response:
    """A fault of ours; the server logs it. Whether the articles are stored is not known."""
    return await _answer_problem(
        request, Problem(500, "Not known whether it is stored; send the same again.")
    )

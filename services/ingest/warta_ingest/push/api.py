"""The push API: 202 only when Redis has what is reported as published."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from warta_ingest.push.budget import Budget
from warta_ingest.push.desk import Desk, Refusal
from warta_ingest.push.keys import Holder
from warta_ingest.push.known_article import KnownArticle
from warta_ingest.push.once import Once
from warta_ingest.push.openapi import TITLE, VERSION, openapi_document
from warta_ingest.push.operations import ID_PATH, PATH, STREAM_PATH
from warta_ingest.push.problem import Problem
from warta_ingest.push.streamed import StreamedPush
from warta_ingest.push.whole import WholePush
from warta_ingest.registry.publisher import ArticlePublisher
from warta_ingest.settings import IngestSettings
from warta_shared.delivery.client import Redis
from warta_shared.telemetry import metrics

log = logging.getLogger(__name__)

# By method.
Answers = dict[str, Callable[[Request, Holder], Awaitable[Response]]]


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
    budget = Budget(settings.push_bytes_in_flight)
    once = Once(redis, settings.push_once_hours * 3_600)
    known = KnownArticle(desk, redis, settings.partitions)
    of_one: Answers = {"GET": known.show, "DELETE": known.withdraw}
    paths: dict[str, Answers] = {
        PATH: {"POST": WholePush(settings, desk, budget, once).answer, **of_one},
        STREAM_PATH: {"POST": StreamedPush(settings, desk, budget).answer},
        ID_PATH: of_one,
    }
    for path, answers in paths.items():
        api.add_api_route(path, _for_holders(desk, answers), methods=list(answers))
    api.add_exception_handler(Problem, _answer_problem)
    api.add_exception_handler(HTTPException, _answer_http_error)
    api.add_exception_handler(Exception, _answer_fault)
    return api


def _for_holders(desk: Desk, answers: Answers) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        return await answers[request.method](request, await desk.holder(request))

    return answer


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

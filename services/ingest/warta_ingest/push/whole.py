"""POST /v1/articles with a body that is read whole: one article or a list."""

from __future__ import annotations

import asyncio
from collections import Counter
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from warta_ingest.push.body import items, read_body
from warta_ingest.push.budget import Budget
from warta_ingest.push.desk import Desk
from warta_ingest.push.keys import Holder
from warta_ingest.push.once import HEADER, Once
from warta_ingest.push.results import Told, problem_of
from warta_ingest.settings import IngestSettings


class WholePush:
    """Everything of a request is published, or refused, before it is answered."""

    def __init__(self, settings: IngestSettings, desk: Desk, budget: Budget, once: Once) -> None:
        self._settings = settings
        self._desk = desk
        self._budget = budget
        self._once = once

    async def answer(self, request: Request, holder: Holder) -> Response:
        """The answer; raises Problem."""
        await self._desk.room()
        with self._budget.share() as share:
            encoding = request.headers.get("content-encoding", "").strip().lower()
            deadline = self._settings.push_deadline
            body = await read_body(request.stream(), encoding, self._settings.push_bytes_max, deadline, share)
            given = request.headers.get(HEADER)
            return await self._once.answer(holder, given, body, partial(self._publish, request, holder, body))

    async def _publish(self, request: Request, holder: Holder, body: bytes) -> Response:
        found = await self._items(request, holder, body)
        allowance = await self._desk.count(holder, len(found))
        results = await self._desk.results(request, holder, found, request.is_disconnected)
        return _answer(results, allowance.headers())

    async def _items(self, request: Request, holder: Holder, body: bytes) -> list[Any]:
        """In a thread, since 16 MB take a second."""
        most = min(self._settings.push_articles_max, self._desk.rate.most(holder))
        content_type = request.headers.get("content-type", "")
        async with self._desk.parsing:
            return await asyncio.to_thread(items, body, content_type, most)


def _answer(results: list[Told], headers: dict[str, str]) -> Response:
    counts = Counter(result["status"] for result in results)
    problem = problem_of(counts, max(result.get("retry_after", 0) for result in results))
    if problem is None:
        return JSONResponse({"results": results}, 202, headers=headers)
    problem.results = results
    problem.headers = headers
    raise problem

"""POST /v1/stream: lines are published as they come; each result goes back while the rest is on its way."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from contextlib import AbstractContextManager, aclosing, suppress
from typing import Any

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from warta_ingest.push.body import NDJSON, json_line
from warta_ingest.push.budget import Budget, Share
from warta_ingest.push.desk import Desk
from warta_ingest.push.keys import Holder
from warta_ingest.push.line_stream import line_batches
from warta_ingest.push.problem import Problem
from warta_ingest.push.results import Told
from warta_ingest.settings import IngestSettings
from warta_shared.telemetry import metrics

log = logging.getLogger(__name__)

LINES_AT_ONCE = 200
MEDIA_TYPE = "application/x-ndjson"


class StreamedPush:
    """Any number of articles in one request, in the memory of a few."""

    def __init__(self, settings: IngestSettings, desk: Desk, budget: Budget) -> None:
        self._settings = settings
        self._desk = desk
        self._budget = budget

    async def answer(self, request: Request, holder: Holder) -> Response:
        """An answer that reads while it writes; raises Problem for what is wrong before the first line."""
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in NDJSON:
            raise Problem(415, f"Content-Type must be {MEDIA_TYPE}.")
        await self._desk.room()
        return _Duplex(self, request, holder)

    @property
    def patience(self) -> float:
        """How long, in seconds, a client may take to read what is left when all is done."""
        return self._settings.push_deadline

    def unread(self) -> AbstractContextManager[Share]:
        """The memory for results that the client has not read."""
        return self._budget.share()

    async def results(self, request: Request, holder: Holder, unread: Share) -> AsyncGenerator[bytes]:
        """The lines of the answer; the last one tells how it ended. `unread` holds what is not taken off yet."""
        counts: Counter[str] = Counter()
        end: dict[str, Any] = {}
        try:
            with self._budget.share() as share:
                async for results in self._results(request, holder, share):
                    told = b"".join(_line({**one, "index": counts.total() + one["index"]}) for one in results)
                    counts.update(one["status"] for one in results)
                    unread.take(len(told))
                    yield told
        except Problem as problem:
            metrics.PUSH_REFUSED.labels(str(problem.status)).inc()
            end = {"problem": problem.content()}
        except ClientDisconnect:
            log.info("push-stream-broke-off", extra={"key": holder.name, "articles": counts})
            return
        yield _line({"end": True, "articles": counts.total(), "counts": counts, **end})

    async def _results(self, request: Request, holder: Holder, share: Share) -> AsyncGenerator[list[Told]]:
        settings = self._settings
        encoding = request.headers.get("content-encoding", "")
        at_once = min(LINES_AT_ONCE, self._desk.rate.most(holder))
        lines = line_batches(
            request.stream(), encoding, settings.push_bytes_max, settings.push_deadline, share
        )
        async for batch in lines:
            for start in range(0, len(batch), at_once):
                yield await self._published(request, holder, batch[start : start + at_once])

    async def _published(self, request: Request, holder: Holder, lines: Sequence[bytes]) -> list[Told]:
        await self._desk.turn(holder, len(lines))
        await self._desk.room()
        items = await asyncio.to_thread(lambda: [json_line(line) for line in lines])
        return await self._desk.results(request, holder, items)


class _Duplex(Response):
    """Goes on reading while nobody reads what it has written: most clients send everything first."""

    media_type = MEDIA_TYPE

    def __init__(self, push: StreamedPush, request: Request, holder: Holder) -> None:
        # What the client still sends long after the end is not waited for.
        super().__init__(headers={"connection": "close"})
        del self.headers["content-length"]
        self._push = push
        self._request = request
        self._holder = holder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive  # of the request
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        with self._push.unread() as unread:
            told: asyncio.Queue[bytes] = asyncio.Queue()
            writing = asyncio.create_task(_write(send, told, unread))
            try:
                await self._answer(told, unread)
                await asyncio.wait_for(writing, self._push.patience)
            except TimeoutError:
                log.info("push-stream-not-read", extra={"key": self._holder.name})
            finally:
                writing.cancel()

    async def _answer(self, told: asyncio.Queue[bytes], unread: Share) -> None:
        async with aclosing(self._push.results(self._request, self._holder, unread)) as results:
            async for lines in results:
                told.put_nowait(lines)
        # Who still sends would not read the end if the connection were closed on it.
        with suppress(TimeoutError, ClientDisconnect):
            async with asyncio.timeout(self._push.patience):
                await _read_off(self._request)
        told.put_nowait(b"")


async def _read_off(request: Request) -> None:
    with suppress(RuntimeError):  # it has been read to its end
        async for _ in request.stream():
            pass


async def _write(send: Send, told: asyncio.Queue[bytes], unread: Share) -> None:
    while lines := await told.get():
        await send({"type": "http.response.body", "body": lines, "more_body": True})
        unread.hold(max(0, unread.held - len(lines)))
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def _line(content: Any) -> bytes:
    return orjson.dumps(content, option=orjson.OPT_APPEND_NEWLINE)

"""An HTTP proxy before Elasticsearch that refuses what a full, sick or strict cluster refuses: requests, or items."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson
from aiohttp import web
from yarl import URL

from faults.rig.loop_thread import LoopThread
from warta_local.processes.ports import LOOPBACK, free_port

KINDS = {
    400: "document_parsing_exception",
    429: "es_rejected_execution_exception",
    503: "unavailable_shards_exception",
}
OWN_HEADERS = frozenset({"host", "content-length", "connection", "transfer-encoding", "accept-encoding"})
HANG_SECONDS = 60.0


@dataclass(frozen=True)
class Trouble:
    """What goes wrong, for a share of the requests or of the items in them.

    `request`: a status instead of an answer; `hang`: no answer at all; `reply_lost`: done, and the connection closed;
    `delay`: seconds before each answer; `item`: a status for items, which then are not written.
    """

    share: float = 1.0
    request: int = 0
    hang: bool = False
    reply_lost: bool = False
    delay: float = 0.0
    item: int = 0


class BulkProxy:
    """Listens on `port`; `trouble` may be changed at any time, `met` counts what met it."""

    def __init__(self, thread: LoopThread, target: int, seed: int = 0) -> None:
        self.port = free_port()
        self.trouble: Trouble | None = None
        self.met = 0
        self._chance = random.Random(seed)
        self._target = target
        self._thread = thread
        thread.run(self._start())

    def stop(self) -> None:
        """Close the listener and the pool."""
        self._thread.run(self._close())

    async def _start(self) -> None:
        self._session = aiohttp.ClientSession(auto_decompress=False)
        self._runner = web.ServerRunner(web.Server(self._answer, access_log=None), shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, LOOPBACK, self.port).start()

    async def _close(self) -> None:
        await self._runner.cleanup()
        await self._session.close()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        body = await request.read()
        trouble = self.trouble
        if trouble is None:
            return await self._forward(request, body)
        await asyncio.sleep(trouble.delay)
        if trouble.item and "_bulk" in request.path:
            return await self._partly(request, body, trouble)
        if trouble.item or self._chance.random() >= trouble.share:
            return await self._forward(request, body)
        self.met += 1
        return await self._refuse(request, body, trouble)

    async def _refuse(self, request: web.BaseRequest, body: bytes, trouble: Trouble) -> web.StreamResponse:
        if trouble.hang:
            await asyncio.sleep(HANG_SECONDS)
        if trouble.request:
            return _json(trouble.request, {"error": _error(trouble.request), "status": trouble.request})
        answer = await self._forward(request, body)
        if trouble.reply_lost and request.transport:
            request.transport.abort()
        return answer

    async def _forward(self, request: web.BaseRequest, body: bytes) -> web.Response:
        headers = {name: value for name, value in request.headers.items() if name.lower() not in OWN_HEADERS}
        headers["accept-encoding"] = "identity"  # answers are read here
        url = URL(f"http://{LOOPBACK}:{self._target}{request.raw_path}", encoded=True)
        try:
            async with self._session.request(request.method, url, data=body, headers=headers) as answer:
                kept = {n: v for n, v in answer.headers.items() if n.lower() not in OWN_HEADERS}
                return web.Response(status=answer.status, body=await answer.read(), headers=kept)
        except (aiohttp.ClientError, OSError):
            if request.transport:
                request.transport.abort()
            return web.Response(status=502)

    async def _partly(self, request: web.BaseRequest, body: bytes, trouble: Trouble) -> web.StreamResponse:
        """Some items are refused without being written, the others are; each has its place in the answer."""
        lines = body.split(b"\n")[:-1]
        pairs = list(zip(lines[::2], lines[1::2], strict=True))
        refused = [self._chance.random() < trouble.share for _ in pairs]
        self.met += sum(refused)
        passed = [b"%b\n%b\n" % pair for pair, no in zip(pairs, refused, strict=True) if not no]
        items: list[Any] = []
        if passed:
            answer = await self._forward(request, b"".join(passed))
            if answer.status != 200 or not isinstance(answer.body, bytes):
                return answer
            items = orjson.loads(answer.body)["items"]
        written = iter(items)
        no_thanks = {"index": {"status": trouble.item, "error": _error(trouble.item)}}
        return _json(200, {"errors": True, "items": [no_thanks if no else next(written) for no in refused]})


def _error(status: int) -> dict[str, str]:
    return {"type": KINDS[status], "reason": "as the trial asks"}


def _json(status: int, content: Any) -> web.Response:
    return web.Response(status=status, body=orjson.dumps(content), content_type="application/json")

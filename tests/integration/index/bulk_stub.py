"""A real HTTP server that answers bulk requests by a script, one step a request, and then as if all is well."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web


@dataclass(frozen=True)
class Received:
    """One bulk request: where it went, its headers, and (id, version, document) of each item."""

    target: str
    headers: dict[str, str]
    items: list[tuple[str, int, dict[str, Any]]]

    @property
    def ids(self) -> list[str]:
        return [identity for identity, _, _ in self.items]


Step = Callable[[web.Request, Received], Awaitable[web.StreamResponse]]


@dataclass
class BulkStub:
    """`script` is used up from the front; `received` and the largest number of requests `at_once` are kept."""

    script: list[Step] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)
    at_once: int = 0
    seconds: float = 0.0
    _open: int = 0
    _runner: web.AppRunner | None = None
    url: str = ""

    async def start(self) -> None:
        app = web.Application(client_max_size=100_000_000)
        app.router.add_route("*", "/{tail:.*}", self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self._open += 1
        self.at_once = max(self.at_once, self._open)
        try:
            received = Received(request.path_qs, dict(request.headers), parse_bulk(await request.read()))
            self.received.append(received)
            step = self.script.pop(0) if self.script else all_well
            await asyncio.sleep(self.seconds)
            return await step(request, received)
        finally:
            self._open -= 1


def parse_bulk(body: bytes) -> list[tuple[str, int, dict[str, Any]]]:
    """As Elasticsearch frames it: an action line, a document line, each ended by a line feed."""
    assert body.endswith(b"\n")
    lines = body[:-1].split(b"\n")
    assert len(lines) % 2 == 0
    parsed = []
    for action_line, document in zip(lines[::2], lines[1::2], strict=True):
        action = orjson.loads(action_line)["index"]
        assert action.keys() == {"_id", "version", "version_type"}
        assert action["version_type"] == "external_gte"
        parsed.append((action["_id"], action["version"], orjson.loads(document)))
    return parsed


def reply_of(*items: dict[str, Any]) -> bytes:
    return orjson.dumps({"errors": True, "items": [{"index": item} for item in items]})


async def all_well(_: web.Request, received: Received) -> web.StreamResponse:
    return web.Response(
        body=reply_of(*[{"status": 201}] * len(received.items)), content_type="application/json"
    )


def items(*statuses: int | tuple[int, str]) -> Step:
    """One status for each item, or (status, type of the error)."""

    async def step(_: web.Request, received: Received) -> web.StreamResponse:
        assert len(received.items) == len(statuses)
        outcomes = [
            {"status": status}
            if isinstance(status, int)
            else {"status": status[0], "error": {"type": status[1]}}
            for status in statuses
        ]
        return web.Response(body=reply_of(*outcomes), content_type="application/json")

    return step


def whole(status: int, kind: str = "", content_type: str = "application/json") -> Step:
    """The request as a whole fails; without a `kind` as a proxy would say it."""

    async def step(_: web.Request, __: Received) -> web.StreamResponse:
        body = (
            orjson.dumps({"error": {"type": kind, "reason": "why"}, "status": status})
            if kind
            else b"<html>no</html>"
        )
        return web.Response(status=status, body=body, content_type=content_type)

    return step


def answer(body: bytes, content_type: str = "application/json") -> Step:
    """200 with exactly these bytes."""

    async def step(_: web.Request, __: Received) -> web.StreamResponse:
        return web.Response(body=body, content_type=content_type)

    return step


async def cut_after_execution(request: web.Request, _: Received) -> web.StreamResponse:
    """It was read and carried out, but the answer never arrives."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def cut_in_the_answer(request: web.Request, received: Received) -> web.StreamResponse:
    """The answer breaks off in the middle."""
    body = reply_of(*[{"status": 201}] * len(received.items))
    response = web.StreamResponse(
        headers={"content-length": str(len(body)), "content-type": "application/json"}
    )
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    assert request.transport is not None
    request.transport.abort()
    return response


def slow(seconds: float) -> Step:
    """All is well, but late."""

    async def step(request: web.Request, received: Received) -> web.StreamResponse:
        await asyncio.sleep(seconds)
        return await all_well(request, received)

    return step

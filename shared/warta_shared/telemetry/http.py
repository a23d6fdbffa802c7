"""The pages every service answers: /health/live, /health/ready, /metrics."""

from __future__ import annotations

from typing import Any

import orjson
from prometheus_client import make_asgi_app

from warta_shared.telemetry.declaration import page_registry
from warta_shared.telemetry.health import Health
from warta_shared.telemetry.metrics import TABLES

JSON = [(b"content-type", b"application/json")]


def health_routes(service: str, health: Health) -> list[tuple[str, Any]]:
    """Live: the process runs and no loop stands still. Ready: it also can do its work now. 503 names what is wrong.

    The metrics are those of `service` and those that every service has.
    """

    async def live(_scope: Any, _receive: Any, send: Any) -> None:
        await _answer(send, health.standing())

    async def ready(_scope: Any, _receive: Any, send: Any) -> None:
        await _answer(send, await health.problems())

    pages = make_asgi_app(page_registry(service, TABLES))
    return [("/health/live", live), ("/health/ready", ready), ("/metrics", pages)]


async def _answer(send: Any, problems: dict[str, str]) -> None:
    body = orjson.dumps({"status": "problem" if problems else "ok", "problems": problems})
    await send({"type": "http.response.start", "status": 503 if problems else 200, "headers": JSON})
    await send({"type": "http.response.body", "body": body})

"""Middleware that counts every answer, so that a test can ask what a client really did."""

from __future__ import annotations

from collections import Counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class RequestCounter:
    """Counts (path, status) into `answers`."""

    def __init__(self, app: ASGIApp, answers: Counter[tuple[str, int]]) -> None:
        self._app = app
        self._answers = answers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and note the status of its answer."""

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._answers[scope["path"], message["status"]] += 1
            await send(message)

        await self._app(scope, receive, counted)

"""Errors as RFC 9457 problem documents: what is wrong, and what to do."""

from __future__ import annotations

import math
from typing import Any

from fastapi.responses import JSONResponse

TITLES = {
    400: "Malformed request",
    401: "Unauthorised",
    408: "Too slow",
    413: "Too large",
    415: "Unsupported media type",
    422: "Invalid article",
    429: "Too many articles",
    503: "Not accepting articles now",
}


class Problem(Exception):
    """An error answer; `retry_after` in seconds where coming back helps."""

    def __init__(
        self, status: int, detail: str, *, retry_after: float | None = None, results: list[Any] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.retry_after = retry_after
        self.results = results

    def response(self) -> JSONResponse:
        """The answer, with its headers."""
        headers = {}
        if self.retry_after is not None:
            headers["Retry-After"] = str(max(1, math.ceil(self.retry_after)))
        if self.status == 401:
            headers["WWW-Authenticate"] = 'Bearer realm="warta"'
        content: dict[str, Any] = {
            "type": "about:blank",
            "title": TITLES[self.status],
            "status": self.status,
            "detail": self.detail,
        }
        if self.results is not None:
            content["results"] = self.results
        return JSONResponse(content, self.status, headers=headers, media_type="application/problem+json")

"""Errors as RFC 9457 problem documents: what is wrong, and what to do."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse

MEDIA_TYPE = "application/problem+json"
TITLES = {
    400: "Malformed request",
    401: "Unauthorised",
    403: "Not for this key",
    404: "Not found",
    405: "Method not allowed",
    408: "Too slow",
    409: "Being answered",
    413: "Too large",
    415: "Unsupported media type",
    422: "Invalid article",
    429: "Too many articles",
    500: "Internal error",
    503: "Not accepting articles now",
}


class Problem(Exception):
    """An error answer; `retry_after` in seconds where coming back helps."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        retry_after: float | None = None,
        results: list[Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.retry_after = retry_after
        self.results = results
        self.headers = headers

    @property
    def decided(self) -> bool:
        """Whether the same request would be answered so again, however late it comes."""
        return self.results is not None and self.retry_after is None

    def all_headers(self) -> dict[str, str]:
        """The headers of the answer, but its type."""
        headers = dict(self.headers or {})
        if self.retry_after is not None:
            headers["Retry-After"] = str(whole_seconds(self.retry_after))
        if self.status == 401:
            headers["WWW-Authenticate"] = 'Bearer realm="warta"'
        return headers

    def content(self) -> dict[str, Any]:
        """The problem document."""
        content: dict[str, Any] = {
            "type": "about:blank",
            "title": TITLES.get(self.status, "Error"),
            "status": self.status,
            "detail": self.detail,
        }
        if self.results is not None:
            content["results"] = self.results
        if self.retry_after is not None:
            content["retry_after"] = whole_seconds(self.retry_after)
        return content

    def response(self) -> JSONResponse:
        """The answer, with its headers."""
        return JSONResponse(self.content(), self.status, headers=self.all_headers(), media_type=MEDIA_TYPE)


def whole_seconds(seconds: float) -> int:
    """As Retry-After has it (RFC 9110, 10.2.3): never too early."""
    return max(1, math.ceil(seconds))

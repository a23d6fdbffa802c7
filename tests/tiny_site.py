"""A web site that a test fills path by path, and that remembers what it was asked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

PARAGRAPHS = (
    "Pedagang di pasar induk menaikkan harga cabai sejak pekan lalu karena pasokan dari petani berkurang.",
    "Menteri perdagangan mengatakan pemerintah akan menambah pasokan dari daerah lain sebelum akhir bulan ini.",
    "Sejumlah ibu rumah tangga mengeluh, sebab harga di warung dekat rumah mereka sudah naik dua kali lipat.",
)


@dataclass
class TinySite:
    """`pages`: by path a response, or a function that makes one; `asked`: path and headers of each request."""

    pages: dict[str, Response | Callable[[Request], Awaitable[Response]]] = field(default_factory=dict)
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)

    def times(self, path: str) -> int:
        """How often a path was asked for."""
        return sum(asked == path for asked, _ in self.asked)

    def last_headers(self, path: str) -> Mapping[str, str]:
        """The headers of the last request for a path."""
        return [headers for asked, headers in self.asked if asked == path][-1]

    def put(self, path: str, body: str, status: int = 200, **headers: str) -> None:
        """Answer a path with this body from now on; `content_type="..."` for a header of that name."""
        named = {"content-type": "text/html; charset=utf-8"}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = Response(body, status, headers=named)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """The ASGI application."""
        request = Request(scope, receive)
        self.asked.append((request.url.path, request.headers))
        answer = self.pages.get(request.url.path, Response("Not Found", 404))
        response = answer if isinstance(answer, Response) else await answer(request)
        await response(scope, receive, send)


def with_etag(body: str, tag: str) -> Callable[[Request], Awaitable[Response]]:
    """An answer with a validator: 304 to who has it."""

    async def answer(request: Request) -> Response:
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers={"etag": tag})
        return Response(body, headers={"etag": tag, "content-type": "application/rss+xml"})

    return answer


def hanging(gate: asyncio.Event) -> Callable[[Request], Awaitable[Response]]:
    """An answer that comes when the test opens the gate."""

    async def answer(_request: Request) -> Response:
        await gate.wait()
        return Response("late", 503)

    return answer


def rss(*items: tuple[str, str], ttl: int | None = None) -> str:
    """A feed of (link, title)."""
    entries = "".join(
        f"<item><title>{title}</title><link>{link}</link><guid>{link}</guid>"
        "<pubDate>Mon, 02 Jun 2025 12:00:00 GMT</pubDate></item>"
        for link, title in items
    )
    minutes = f"<ttl>{ttl}</ttl>" if ttl else ""
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Kabar</title>{minutes}{entries}</channel></rss>'


def page(title: str, *paragraphs: str, canonical: str = "") -> str:
    """An article's page; with paragraphs of ours where none is given."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs or PARAGRAPHS)
    link = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    return (
        f'<html lang="id"><head><title>{title}</title>{link}'
        f'<meta property="og:title" content="{title}"></head>'
        f"<body><article><h1>{title}</h1>{text}</article></body></html>"
    )

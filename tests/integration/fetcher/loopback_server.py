"""Servers on loopback that answer byte for byte what a test tells them."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

Answer = Callable[["Request", asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True)
class Request:
    """What the server was asked."""

    path: str
    headers: dict[str, str]
    connection: int


@dataclass
class Server:
    """One server: `url` to reach it, `requests` it got."""

    port: int
    scheme: str = "http"
    requests: list[Request] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"


class Serve:
    """Starts servers; `await serve(answer)`."""

    def __init__(self) -> None:
        self._servers: list[asyncio.Server] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._connections = 0

    async def __call__(self, answer: Answer, tls: ssl.SSLContext | None = None) -> Server:
        known = Server(port=0, scheme="https" if tls else "http")

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self._connections += 1
            number = self._connections
            task = asyncio.current_task()
            if task:
                self._tasks.add(task)
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError, ssl.SSLError):
                while True:
                    request = parse_request(await reader.readuntil(b"\r\n\r\n"), number)
                    known.requests.append(request)
                    await answer(request, writer)
                    await writer.drain()
                    if writer.is_closing():
                        break

        server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls)
        known.port = server.sockets[0].getsockname()[1]
        self._servers.append(server)
        return known

    async def stop(self) -> None:
        for server in self._servers:
            server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def parse_request(head: bytes, connection: int) -> Request:
    lines = head.decode("latin-1").split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines[1:] if line)
    return Request(lines[0].split(" ")[1], {k.lower(): v for k, v in headers.items()}, connection)


def reply(body: bytes, *headers: str, status: str = "200 OK") -> Answer:
    """An answer with a true Content-Length."""

    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
        writer.write("\r\n".join(lines).encode("latin-1") + body)

    return answer


def raw(*parts: bytes) -> Answer:
    """Exactly these bytes, then the end of the connection."""

    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"".join(parts))
        await writer.drain()
        writer.close()

    return answer


def redirect(to: str, status: str = "302 Found") -> Answer:
    return reply(b"", f"Location: {to}", status=status)


@dataclass(frozen=True)
class Authority:
    """A certificate for localhost and 127.0.0.1, and the client context that trusts it."""

    server: ssl.SSLContext
    client: ssl.SSLContext

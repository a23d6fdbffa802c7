"""What integration tests of ingest stand on: a connection as the service has it, and applications on real ports."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import orjson
import uvicorn

from warta_ingest.fetcher import FetcherOptions
from warta_ingest.settings import IngestSettings
from warta_shared.delivery.broker import connection, make_broker
from warta_shared.delivery.client import Redis
from warta_shared.delivery.names import partitions, stream
from warta_shared.settings import RedisSettings

# For plain HTTP only: loading the certificate authorities takes longer than most tests.
NO_AUTHORITIES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@asynccontextmanager
async def connected(settings: RedisSettings) -> AsyncIterator[Redis]:
    """The client that a service holds."""
    broker = make_broker(settings)
    await broker.connect()
    try:
        yield connection(broker)
    finally:
        await broker.stop()


@asynccontextmanager
async def serving(application: Any) -> AsyncIterator[str]:
    """The URL at which an ASGI application answers under uvicorn."""
    # With its protocol named, which asyncio looks at: else answers wait 40 ms for what TCP might add to them.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        application, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=1
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await eventually(lambda: server.started)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.finish.set()
        await task
        listener.close()


async def eventually(condition: Callable[[], object], seconds: float = 10.0) -> None:
    """Wait until a condition holds; fails when it does not in time."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 -- what is waited for happens in another process or library
            await asyncio.sleep(0.01)


class _Server(uvicorn.Server):
    """The tests' process keeps its own signal handlers; it stops at once, not with the next tick."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.finish = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        yield

    async def main_loop(self) -> None:
        await self.finish.wait()


def http_client(url: str, **headers: str) -> httpx.AsyncClient:
    """A client for plain HTTP."""
    return httpx.AsyncClient(
        base_url=url, headers=headers, verify=NO_AUTHORITIES, trust_env=False, timeout=20
    )


def plain_fetching(given: IngestSettings) -> FetcherOptions:
    """Options for a fetcher of plain HTTP."""
    return FetcherOptions(
        "test", deadline=given.fetch_deadline, allow=given.allowed_networks, tls=NO_AUTHORITIES
    )


async def stream_bodies(redis: Redis, name: str, count: int = 0) -> list[dict[str, Any]]:
    """The bodies of all entries of a stream, partition by partition."""
    entries = [
        entry for partition in partitions(count) for entry in await redis.xrange(stream(name, partition))
    ]
    return [orjson.loads(fields[b"body"]) for _, fields in entries]

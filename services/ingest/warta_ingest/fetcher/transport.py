"""httpx on connections whose network is guarded."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator

import httpcore
import httpx

from warta_ingest.fetcher.pools import OriginPools


class GuardedTransport(httpx.AsyncBaseTransport):
    """Sends httpx's requests over `network`; httpx's own transport cannot be given one.

    `per_origin`: connections to one origin at once; `idle`: origins kept connected while nobody asks, each
    for `keepalive` seconds. Errors are those of the HTTP stack and of the network, unchanged.
    """

    def __init__(
        self,
        network: httpcore.AsyncNetworkBackend,
        tls: ssl.SSLContext,
        *,
        per_origin: int,
        idle: int,
        keepalive: float,
    ) -> None:
        def make() -> httpcore.AsyncConnectionPool:
            return httpcore.AsyncConnectionPool(
                ssl_context=tls,
                max_connections=per_origin,
                keepalive_expiry=keepalive,
                http1=True,
                http2=True,
                network_backend=network,
            )

        self._pools = OriginPools(make, keepalive=keepalive, most=idle)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One request, one answer whose body is still to be read, and then closed."""
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        asked = httpcore.Request(
            request.method, url, headers=request.headers.raw, extensions=request.extensions
        )
        pool = await self._pools.acquire(url.origin)
        try:
            answer = await pool.handle_async_request(asked)
        except BaseException:
            await self._pools.drop_http2(url.origin)
            self._pools.release(url.origin)
            raise
        body = _Body(answer, self._pools, url.origin)
        return httpx.Response(
            answer.status, headers=answer.headers, stream=body, extensions=answer.extensions
        )

    async def aclose(self) -> None:
        """Close every connection."""
        await self._pools.aclose()


class _Body(httpx.AsyncByteStream):
    """The body of an answer; closing it gives its connection back, or ends it when bytes are left unread."""

    def __init__(self, answer: httpcore.Response, pools: OriginPools, origin: httpcore.Origin) -> None:
        self._answer = answer
        self._pools = pools
        self._origin = origin
        self._finished = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._answer.aiter_stream():
            yield part
        self._finished = True

    async def aclose(self) -> None:
        try:
            await self._answer.aclose()
            if not self._finished:
                await self._pools.drop_http2(self._origin)
        finally:
            self._pools.release(self._origin)

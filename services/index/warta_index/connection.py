"""HTTP to Elasticsearch: bytes out, status and bytes back. It never repeats a request by itself."""

from __future__ import annotations

import asyncio
import gzip
import ipaddress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import orjson
from elastic_transport import (
    AiohttpHttpNode,
    NodeConfig,
    Serializer,
    TlsError,
    TransportError,
)
from elastic_transport import ConnectionTimeout as TransportTimeout
from elastic_transport.client_utils import url_to_node_config
from elasticsearch import AsyncElasticsearch

from warta_index.credentials import Credentials
from warta_index.settings import ElasticsearchSettings

JSON = "application/json"
NDJSON = "application/x-ndjson"
UNAUTHORIZED = 401
GZIP_LEVEL = 1
GZIP_FROM = 10_000
"""Bytes below which a request is not worth compressing."""


class UnreachableError(Exception):
    """No usable answer came: `reason` is `timeout`, `tls`, `network` or `bad-reply`. Worth trying again."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of whatever status."""

    status: int
    body: bytes

    @property
    def ok(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    def json(self) -> Any:
        """The body; raises UnreachableError when it is no JSON, as from a proxy in between."""
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError as error:
            raise UnreachableError(
                "bad-reply", f"status {self.status}, not JSON: {self.body[:80]!r}"
            ) from error

    def error(self) -> tuple[str, str]:
        """Elasticsearch's error as (type, reason); ("", start of the body) when it is none of its own."""
        try:
            error = orjson.loads(self.body)["error"]
            return (
                (str(error["type"]), str(error.get("reason")))
                if isinstance(error, dict)
                else ("", str(error))
            )
        except (orjson.JSONDecodeError, KeyError, TypeError):
            return "", self.body[:200].decode("utf-8", "replace")


class _Bytes(Serializer):
    """Bodies are bytes on both sides; who asks knows how to read the answer."""

    def loads(self, data: bytes) -> bytes:
        return data

    def dumps(self, data: bytes) -> bytes:
        return data


class Connection:
    """A pool of connections to the nodes of one cluster; a node that fails is left alone for a while."""

    def __init__(
        self, settings: ElasticsearchSettings, credentials: Credentials, connections: int = 10
    ) -> None:
        nodes = [_node(address, settings, connections) for address in settings.addresses()]
        self._credentials = credentials
        self._timeout = settings.elasticsearch_timeout
        self._compress = not all(_is_loopback(node.host) for node in nodes)
        # The official client's pool, TLS and node selection; requests go to its transport as bytes, since its
        # own methods would serialise every document again.
        self._client = AsyncElasticsearch(
            nodes,
            node_class=AiohttpHttpNode,
            serializers={kind: _Bytes() for kind in (JSON, NDJSON, "application/*", "text/*")},
            max_retries=0,
            meta_header=False,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close every connection."""
        await self._client.close()

    async def request(
        self,
        method: str,
        target: str,
        body: bytes | None = None,
        *,
        content_type: str = JSON,
        within: float | None = None,
    ) -> Reply:
        """Send one request and read the whole answer within so many seconds; raises UnreachableError.

        A 401 makes it read the key's file again; only a new key is tried, once.
        """
        headers = {"accept": JSON}
        if body is not None:
            headers["content-type"] = content_type
            if self._compress and len(body) >= GZIP_FROM:
                body = await asyncio.to_thread(gzip.compress, body, GZIP_LEVEL)
                headers["content-encoding"] = "gzip"
        seconds = self._timeout if within is None else within
        reply = await self._send(method, target, body, headers, seconds)
        if reply.status == UNAUTHORIZED and self._credentials.renew():
            reply = await self._send(method, target, body, headers, seconds)
        return reply

    async def ask(
        self, method: str, target: str, content: Any = None, *, within: float | None = None
    ) -> Reply:
        """A request with a JSON body made from `content`."""
        body = None if content is None else orjson.dumps(content)
        return await self.request(method, target, body, within=within)

    async def _send(
        self, method: str, target: str, body: bytes | None, headers: dict[str, str], seconds: float
    ) -> Reply:
        try:
            answer = await self._client.transport.perform_request(
                method,
                target,
                body=body,
                headers=headers | self._credentials.headers(),
                request_timeout=seconds,
            )
        except TransportTimeout as error:
            raise UnreachableError("timeout", f"no answer within {seconds:.1f} s") from error
        except TlsError as error:
            raise UnreachableError("tls", error.message) from error
        except TransportError as error:
            # aiohttp names its TLS settings even where there is no TLS.
            raise UnreachableError("network", str(error.message).replace(" ssl:default", "")[:300]) from error
        return Reply(answer.meta.status, answer.body or b"")


def _node(address: str, settings: ElasticsearchSettings, connections: int) -> NodeConfig:
    found = url_to_node_config(address, use_default_ports_for_scheme=True)
    ca_file = settings.elasticsearch_ca_file
    return NodeConfig(
        scheme=found.scheme,
        host=found.host,
        port=found.port,
        path_prefix=found.path_prefix,
        connections_per_node=connections,
        ca_certs=str(ca_file) if ca_file else None,
    )


def _is_loopback(host: str) -> bool:
    """Compressing costs more than it saves on the same machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

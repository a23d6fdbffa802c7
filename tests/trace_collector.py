"""A collector of OpenTelemetry for tests: takes OTLP over HTTP and keeps the spans."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass(frozen=True)
class CaughtSpan:
    """What the tests ask of a span; ids are hexadecimal."""

    service: str
    name: str
    trace: str
    links: tuple[str, ...]
    attributes: dict[str, Any]


@dataclass
class Collector:
    """All spans so far."""

    address: str = ""
    spans: list[CaughtSpan] = field(default_factory=list)

    def take(self, body: bytes) -> None:
        """One request of an exporter."""
        request = ExportTraceServiceRequest.FromString(body)
        for resource in request.resource_spans:
            service = _values(resource.resource.attributes)["service.name"]
            for scope in resource.scope_spans:
                self.spans += [_caught(service, span) for span in scope.spans]


def _caught(service: str, span: Any) -> CaughtSpan:
    links = tuple(link.trace_id.hex() for link in span.links)
    return CaughtSpan(service, span.name, span.trace_id.hex(), links, _values(span.attributes))


def _values(attributes: Any) -> dict[str, Any]:
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in attributes}


@contextmanager
def running_collector() -> Iterator[Collector]:
    """Listens on loopback until the end of the block."""
    collector = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            collector.take(gzip.decompress(body) if self.headers["content-encoding"] == "gzip" else body)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            """Nothing to say."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    collector.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield collector
    finally:
        server.shutdown()

"""Spans by OpenTelemetry, sent by OTLP over HTTP. Imported only where tracing is on: it is an extra."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.metadata import version

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanLimits, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Link, Span, SpanKind, get_current_span, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

Attributes = dict[str, str | int]

SYSTEM: Attributes = {"messaging.system": "redis"}
LINKS_MAX = 1_000
"""A batch has at most so many entries (`WARTA_BATCH_SIZE`); the SDK's own limit is 128."""

_PROPAGATOR = TraceContextTextMapPropagator()


def sent_to(service: str, endpoint: str) -> Spans:
    """Spans of this service to a collector: `http://collector:4318`."""
    exporter = OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces")
    return Spans(service, BatchSpanProcessor(exporter))


class BatchSpan:
    """The span of a batch in work."""

    def __init__(self, span: Span) -> None:
        self._span = span

    def settled(self, outcomes: Iterable[str]) -> None:
        """So many of each."""
        for outcome, number in Counter(outcomes).items():
            self._span.set_attribute(f"warta.outcome.{outcome}", number)


class Spans:
    """Records with a provider of its own: what else uses OpenTelemetry in this process is left alone."""

    def __init__(self, service: str, processor: SpanProcessor) -> None:
        resource = Resource.create(
            {"service.name": f"warta-{service}", "service.version": version("warta-shared")}
        )
        self._provider = TracerProvider(resource=resource, span_limits=SpanLimits(max_links=LINKS_MAX))
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("warta", version("warta-shared"))

    def created(self, stream: str, entry: str, parent: str) -> str:
        """A span that ends at once: what happens to the entry later is linked to it."""
        attributes: Attributes = SYSTEM | {
            "messaging.operation.name": "create",
            "messaging.operation.type": "create",
            "messaging.destination.name": stream,
            "messaging.message.id": entry,
        }
        span = self._tracer.start_span(
            f"create {stream}", _context(parent), SpanKind.PRODUCER, attributes=attributes
        )
        span.end()
        carrier: dict[str, str] = {}
        _PROPAGATOR.inject(carrier, set_span_in_context(span))
        return carrier["traceparent"]

    @contextmanager
    def processing(self, hop: str, stream: str, consumer: str, parents: Iterable[str]) -> Iterator[BatchSpan]:
        """One span for the batch, in a trace of its own, linked to where each entry was made."""
        contexts = [get_current_span(_context(parent)).get_span_context() for parent in parents]
        attributes: Attributes = SYSTEM | {
            "messaging.operation.name": "process",
            "messaging.operation.type": "process",
            "messaging.destination.name": stream,
            "messaging.consumer.group.name": hop,
            "messaging.client.id": consumer,
            "messaging.batch.message_count": len(contexts),
        }
        with self._tracer.start_as_current_span(
            f"process {stream}",
            Context(),
            SpanKind.CONSUMER,
            attributes=attributes,
            links=[Link(context) for context in contexts if context.is_valid],
        ) as span:
            yield BatchSpan(span)

    def close(self) -> None:
        """Send what is waiting."""
        self._provider.shutdown()


def _context(traceparent: str) -> Context:
    return _PROPAGATOR.extract({"traceparent": traceparent}, Context()) if traceparent else Context()

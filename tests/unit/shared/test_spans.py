"""Spans of OpenTelemetry, caught in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind

from warta_shared.events.traceparent import new_traceparent, trace_id
from warta_shared.telemetry import tracing
from warta_shared.telemetry.spans import Spans

RECORDED = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture
def exporter() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def spans(exporter: InMemorySpanExporter) -> Iterator[Spans]:
    spans = Spans("enrich", SimpleSpanProcessor(exporter))
    yield spans
    spans.close()


def test_an_entry_is_made_below_what_asked_for_it(spans: Spans, exporter: InMemorySpanExporter) -> None:
    made = spans.created("articles.raw", "a1", RECORDED)
    [span] = exporter.get_finished_spans()
    assert (span.name, span.kind) == ("create articles.raw", SpanKind.PRODUCER)
    assert span.parent is not None
    assert f"{span.parent.span_id:016x}" == "00f067aa0ba902b7"
    assert trace_id(made) == trace_id(RECORDED)
    assert made.split("-")[2:] == [f"{span.context.span_id:016x}", "01"]
    assert dict(span.attributes or {})["messaging.message.id"] == "a1"
    assert span.resource.attributes["service.name"] == "warta-enrich"


def test_an_entry_without_a_parent_begins_a_trace(spans: Spans) -> None:
    assert trace_id(spans.created("pages.found", "p", "")) != trace_id(spans.created("pages.found", "p", ""))


def test_what_its_sender_does_not_record_is_not_recorded_here(
    spans: Spans, exporter: InMemorySpanExporter
) -> None:
    unrecorded = new_traceparent()
    assert trace_id(spans.created("articles.raw", "a1", unrecorded)) == trace_id(unrecorded)
    assert not exporter.get_finished_spans()


def test_a_batch_is_one_span_linked_to_all_its_entries(spans: Spans, exporter: InMemorySpanExporter) -> None:
    parents = [spans.created("articles.raw", f"a{number}", "") for number in range(200)]
    exporter.clear()
    with spans.processing("enrich", "articles.raw", "worker-1", [*parents, "", "nonsense"]) as batch:
        batch.settled(["publish"] * 199 + ["dead"])
    [span] = exporter.get_finished_spans()
    assert (span.name, span.kind, span.parent) == ("process articles.raw", SpanKind.CONSUMER, None)
    assert [f"{link.context.trace_id:032x}" for link in span.links] == [trace_id(one) for one in parents]
    told: dict[str, Any] = dict(span.attributes or {})
    assert told == {
        "messaging.system": "redis",
        "messaging.operation.name": "process",
        "messaging.operation.type": "process",
        "messaging.destination.name": "articles.raw",
        "messaging.consumer.group.name": "enrich",
        "messaging.client.id": "worker-1",
        "messaging.batch.message_count": 202,
        "warta.outcome.publish": 199,
        "warta.outcome.dead": 1,
    }


def test_batches_at_the_same_time_are_not_each_other_s_children(
    spans: Spans, exporter: InMemorySpanExporter
) -> None:
    async def batch() -> None:
        with spans.processing("index", "articles.enriched", "worker", []):
            await asyncio.sleep(0.01)

    async def both() -> None:
        await asyncio.gather(batch(), batch())

    asyncio.run(both())
    assert [span.parent for span in exporter.get_finished_spans()] == [None, None]


def test_without_a_collector_every_entry_still_has_a_trace() -> None:
    tracer = tracing.open_tracer("enrich", None)
    assert tracer.created("articles.raw", "a", RECORDED) == RECORDED
    assert len(trace_id(tracer.created("articles.raw", "a", ""))) == 32
    with tracer.processing("enrich", "articles.raw", "worker", []) as batch:
        batch.settled(["publish"])


def test_a_missing_extra_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "warta_shared.telemetry.spans", None)
    with pytest.raises(tracing.MissingExtra, match="WARTA_EXTRAS=tracing"):
        tracing.open_tracer("enrich", "http://collector:4318")

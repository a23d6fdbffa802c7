"""How a metric is declared: once, in `metrics.py`, with all that an operator has to know of it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

import prometheus_client
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.metrics import MetricWrapperBase

MetricT = TypeVar("MetricT", bound=MetricWrapperBase)

# When a series began is known to whoever scrapes it; a second series for that would double all of them.
prometheus_client.disable_created_metrics()  # type: ignore[no-untyped-call]


class Kind(StrEnum):
    """Prometheus' types."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


class Across(StrEnum):
    """How the values of several replicas make one: each has its own share, or all tell the same."""

    SUM = "sum"
    MAX = "max"
    MIN = "min"


@dataclass(frozen=True, slots=True)
class Declaration:
    """`unit` as Prometheus spells it, or what is counted; `services` that show it (none named: all)."""

    kind: Kind
    name: str
    unit: str
    labels: tuple[str, ...]
    help: str
    services: tuple[str, ...]
    across: Across
    collector: MetricWrapperBase

    @property
    def exposed(self) -> str:
        """The name on the page: counters end in `_total`."""
        return f"{self.name}_total" if self.kind is Kind.COUNTER else self.name


class Table:
    """The declarations of one group of services, in reading order; each call adds one."""

    def __init__(self, title: str, *services: str) -> None:
        self.title = title
        self.declarations: list[Declaration] = []
        self._services = services

    def counter(self, name: str, unit: str, labels: Sequence[str], explained: str) -> Counter:
        """What only grows; add up its rates over replicas."""
        return self._declared(Kind.COUNTER, Across.SUM, unit, Counter(name, explained, labels))

    def gauge(self, name: str, unit: str, labels: Sequence[str], across: Across, explained: str) -> Gauge:
        """What goes up and down. Without labels it is not a number until it is known: 0 would be a claim."""
        made = Gauge(name, explained, labels)
        if not labels:
            made.set(math.nan)
        return self._declared(Kind.GAUGE, across, unit, made)

    def histogram(
        self, name: str, unit: str, labels: Sequence[str], buckets: Sequence[float], explained: str
    ) -> Histogram:
        """How often a value lay below each bound of `buckets`."""
        made = Histogram(name, explained, labels, buckets=buckets)
        return self._declared(Kind.HISTOGRAM, Across.SUM, unit, made)

    def _declared(self, kind: Kind, across: Across, unit: str, made: MetricT) -> MetricT:
        described = next(iter(made.describe()))
        self.declarations.append(
            Declaration(
                kind,
                described.name,
                unit,
                tuple(made._labelnames),
                described.documentation,
                self._services,
                across,
                made,
            )
        )
        return made


def page_registry(service: str, tables: Sequence[Table]) -> CollectorRegistry:
    """What the page of one service shows: its own metrics, so that no other's zeros stand there, and the process's."""
    registry = CollectorRegistry()
    for declaration in _of(service, tables):
        registry.register(declaration.collector)
    prometheus_client.ProcessCollector(registry=registry)
    prometheus_client.PlatformCollector(registry=registry)
    prometheus_client.GCCollector(registry=registry)
    return registry


def _of(service: str, tables: Sequence[Table]) -> Iterator[Declaration]:
    for table in tables:
        for declaration in table.declarations:
            if not declaration.services or service in declaration.services:
                yield declaration

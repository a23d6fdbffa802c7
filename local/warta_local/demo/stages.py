"""How many messages each stage has settled, and how: read from the services' own metrics."""

from __future__ import annotations

import urllib.request
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from prometheus_client.parser import text_string_to_metric_families

SECONDS = 5


@dataclass(frozen=True, slots=True)
class Stage:
    """`counts`: by outcome and reason, as the metrics have them."""

    name: str
    counts: Counter[str]


def read_stages(urls: Mapping[str, str]) -> list[Stage]:
    """The stages in the data's order; `urls` by service."""
    ingest, enrich, index = (_samples(urls[name]) for name in ("ingest", "enrich", "index"))
    return [
        Stage("feed entries", _counted(ingest, "warta_feed_entries_total", "result")),
        Stage("fetch", _counted(ingest, "warta_messages_total", "outcome", "reason")),
        Stage("enrich", _counted(enrich, "warta_messages_total", "outcome", "reason")),
        Stage("index", _counted(index, "warta_messages_total", "outcome", "reason")),
    ]


Sample = tuple[str, dict[str, str], float]


def _samples(url: str) -> list[Sample]:
    with urllib.request.urlopen(f"{url}/metrics", timeout=SECONDS) as answer:  # noqa: S310 -- our own service
        text = answer.read().decode()
    return [
        (sample.name, sample.labels, sample.value)
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    ]


def _counted(samples: list[Sample], metric: str, *labels: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    for name, found, value in samples:
        if name == metric and value:
            counts[" ".join(found[label] for label in labels if found[label])] += int(value)
    return counts

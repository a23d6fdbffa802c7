"""The table of metrics: names by Prometheus' rules, each one used, each shown by those services that know it."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest
from prometheus_client import REGISTRY, generate_latest

from warta_shared.telemetry import metrics
from warta_shared.telemetry.declaration import Across, Declaration, Kind, Table, page_registry
from warta_shared.telemetry.metrics_document import written

ROOT = Path(__file__).parents[3]
BASE_UNITS = ("seconds", "bytes", "ratio")
DECLARED = [one for table in metrics.TABLES for one in table.declarations]


@pytest.mark.parametrize("one", DECLARED, ids=lambda one: one.name)
def test_a_name_says_its_unit_and_what_it_is(one: Declaration) -> None:
    assert re.fullmatch(r"warta_[a-z]+(_[a-z]+)*", one.name)
    assert one.name.endswith("_total") is False, "the client adds it"
    if one.unit in BASE_UNITS:
        assert one.name.endswith(f"_{one.unit}")
    assert not re.search(r"milli|micro|minutes|hours|percent|kilo|mega", one.name)
    assert one.help
    assert not one.help.endswith(".")
    assert "le" not in one.labels


@pytest.mark.parametrize("one", DECLARED, ids=lambda one: one.name)
def test_what_replicas_add_up_to_is_said(one: Declaration) -> None:
    assert one.kind is Kind.GAUGE or one.across is Across.SUM


def test_each_metric_is_set_somewhere_and_none_is_made_elsewhere() -> None:
    files = [path for folder in ("services", "shared") for path in (ROOT / folder).rglob("*.py")]
    texts = {path: path.read_text() for path in files}
    used = {name for text in texts.values() for name in re.findall(r"\bmetrics\.([A-Z_]+)\b", text)}
    by_name = {name: value for name, value in vars(metrics).items() if hasattr(value, "_labelnames")}
    assert set(by_name) == used
    assert len(by_name) == len(DECLARED)
    makers = {path.name for path, text in texts.items() if re.search(r"import .*\b(Counter|Gauge)\b", text)}
    assert "declaration.py" in makers
    others = {
        path.name for path, text in texts.items() if re.search(r"from prometheus_client import", text)
    } - {"declaration.py", "http.py"}
    assert others == set()


def test_a_page_shows_what_its_service_knows() -> None:
    pages = {
        service: generate_latest(page_registry(service, metrics.TABLES)).decode()
        for service in ("ingest", "enrich", "index")
    }
    assert "warta_feeds_overdue" in pages["ingest"]
    assert "warta_feeds_overdue" not in pages["enrich"] + pages["index"]
    assert "warta_canary_seconds_bucket" in pages["index"]
    assert all("warta_groups_lost_total" in page for page in pages.values())
    assert not any("_created" in page for page in pages.values())


def test_a_gauge_claims_nothing_before_it_is_known() -> None:
    made = Table("A test's", "test").gauge("warta_test_unknown", "", (), Across.MAX, "Nothing")
    try:
        [family] = made.collect()
        assert math.isnan(family.samples[0].value)
    finally:
        REGISTRY.unregister(made)


def test_every_metric_is_in_the_document() -> None:
    [text] = written().values()
    assert all(f"| `{one.exposed}` |" in text for one in DECLARED)

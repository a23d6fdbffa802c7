"""Every panel and every alert asks for what the running system really shows: a real Prometheus scrapes it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import yaml

from canaries import send_canaries
from fixtures_stack import Running
from monitoring import ROOT, Prometheus, monitored
from waiting import eventually
from warta_local.newsroom import feeds_yaml, running_newsroom

DASHBOARD = json.loads((ROOT / "deploy" / "grafana" / "dashboards" / "warta.json").read_text())
QUERIES = {
    f"{panel['title']}: {target['legendFormat']}": target["expr"].replace("$__rate_interval", "1m")
    for panel in DASHBOARD["panels"]
    for target in panel.get("targets", ())
}
RULES: list[dict[str, Any]] = yaml.safe_load((ROOT / "deploy" / "prometheus" / "alerts.yml").read_text())[
    "groups"
][0]["rules"]
SELECTOR = re.compile(r"\b(?:up|(?:warta|redis|elasticsearch|process)_\w+)\b(?:\{[^}]*\})?")
NAME = re.compile(r"\bwarta_\w+")
SELECTORS = sorted({found for rule in RULES for found in SELECTOR.findall(rule["expr"])})
SECONDS = 60.0


@pytest.fixture(scope="module")
def prometheus(running: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    """The system with a newsroom, a push and canaries, watched from before they come."""
    with monitored(running, tmp_path_factory.mktemp("monitoring")) as prometheus, running_newsroom() as url:
        eventually(lambda: _answers(prometheus), 120)
        running.feeds_file.write_text(feeds_yaml(url, (1, 4)))
        send_canaries(running, 2)
        article = {"external_id": "watched", "title": "T", "body": "Isi.", "source": "WATCHED"}
        assert running.push(article).status_code == 202
        yield prometheus
        running.feeds_file.write_text("feeds: []\n")


def _answers(prometheus: Prometheus) -> bool:
    try:
        ready = httpx.get(f"{prometheus.url}/-/ready", trust_env=False, timeout=10).is_success
    except httpx.HTTPError:  # it does not listen yet
        return False
    return ready and len(prometheus.ask("up == 1")) == 5


@pytest.mark.parametrize("name", QUERIES)
def test_a_panel_shows_something(prometheus: Prometheus, name: str) -> None:
    eventually(lambda: prometheus.ask(QUERIES[name]), SECONDS, 0.5)


@pytest.mark.parametrize("selector", SELECTORS)
def test_an_alert_asks_for_what_there_is(prometheus: Prometheus, selector: str) -> None:
    eventually(lambda: prometheus.ask(selector), SECONDS, 0.5)


def test_the_rules_are_evaluated_and_nothing_pages(prometheus: Prometheus) -> None:
    rules = prometheus.get("rules")["groups"][0]["rules"]
    assert len(rules) == len(RULES)
    assert {rule["name"]: rule.get("lastError") for rule in rules if rule["health"] == "err"} == {}
    firing = {
        one["labels"]["alertname"] for one in prometheus.get("alerts")["alerts"] if one["state"] == "firing"
    }
    assert firing <= {"WartaDeadLetters"}, "other tests leave dead letters"


def test_the_exporters_may_do_what_they_need(prometheus: Prometheus) -> None:
    assert [value for _, value in prometheus.ask("redis_up")] == [1]
    assert [value for _, value in prometheus.ask("redis_exporter_last_scrape_error")] == [0]
    assert prometheus.ask("sum(elasticsearch_indices_docs)")[0][1] >= 0
    assert prometheus.ask('elasticsearch_cluster_health_status{color="red"}') != []


def test_the_dashboard_fits_any_grafana() -> None:
    assert DASHBOARD["uid"] == "warta"
    assert "__inputs" not in DASHBOARD
    sources = {json.dumps(panel["datasource"]) for panel in DASHBOARD["panels"] if "datasource" in panel}
    assert sources == {'{"type": "prometheus", "uid": "${datasource}"}'}
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(set(ids)) == len(ids)


def test_every_metric_that_is_named_exists() -> None:
    """What a name has no series of yet is no typing mistake."""
    known = set(re.findall(r"`(warta_\w+)`", (ROOT / "docs" / "metrics.md").read_text()))
    operating = (ROOT / "docs" / "operating.md").read_text()
    told = operating.partition("\n## Alerts\n")[2].partition("\n## ")[0]
    quoted = re.findall(r"`(warta_\w+)(?:\{[^`]*\})?`", told)
    asked = [
        name for text in (*QUERIES.values(), *(rule["expr"] for rule in RULES)) for name in NAME.findall(text)
    ]
    assert len(quoted) > 10
    assert {re.sub(r"_(bucket|sum|count)$", "", name) for name in [*quoted, *asked]} - known == set()

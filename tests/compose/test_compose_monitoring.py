"""The profile `monitoring`: every replica is scraped, the exporters may ask, the rules are loaded."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from compose_project import DEMO, WATCHING, ComposeProject, docker

from waiting import eventually

pytestmark = pytest.mark.compose
JOBS = {"ingest": 1, "enrich": 2, "index": 1, "redis": 1, "elasticsearch": 1, "prometheus": 1}
GRAFANA = "grafana/grafana:11.6.0"


@pytest.fixture(scope="module")
def watched(system: ComposeProject) -> ComposeProject:
    """The system with two workers of enrich, and what watches it."""
    system(*DEMO, "--profile", "monitoring", "up", "-d", "--wait", "--scale", "enrich=2", "enrich", *WATCHING)
    return system


def prometheus(system: ComposeProject, path: str) -> Any:
    url = f"http://127.0.0.1:9090/api/v1/{path}"
    return json.loads(system.exec("prometheus", "wget", "-q", "-O", "-", url))["data"]


def test_every_replica_is_found_and_answers(watched: ComposeProject) -> None:
    def up() -> dict[str, int]:
        targets = [one for one in prometheus(watched, "targets")["activeTargets"] if one["health"] == "up"]
        return {job: sum(one["labels"]["job"] == job for one in targets) for job in JOBS}

    eventually(lambda: up() == JOBS, 90, 1)


@pytest.mark.parametrize(
    "query",
    ["redis_up == 1", "redis_memory_max_bytes > 0", 'elasticsearch_cluster_health_status{color="red"} == 0'],
)
def test_the_exporters_may_ask_for_what_they_need(watched: ComposeProject, query: str) -> None:
    eventually(lambda: prometheus(watched, f"query?query={quote(query)}")["result"], 60, 1)


def test_the_rules_are_loaded_and_alertmanager_is_found(watched: ComposeProject) -> None:
    [group] = prometheus(watched, "rules")["groups"]
    assert len(group["rules"]) > 20
    eventually(lambda: prometheus(watched, "alertmanagers")["activeAlertmanagers"], 60, 1)


def test_what_watches_is_fenced_in(watched: ComposeProject) -> None:
    containers = watched.containers()
    for name in WATCHING:
        container = containers[f"{name}-1"]
        host = container["HostConfig"]
        assert (host["ReadonlyRootfs"], host["CapDrop"]) == (True, ["ALL"]), name
        assert host["Memory"] > 0, name
        assert container["Config"]["User"].split(":")[0] not in {"", "0"}, name
        assert not any(container["NetworkSettings"]["Ports"].values()), name
    for target in ("redis:6379", "elasticsearch:9200"):
        host, port = target.split(":")
        done = watched.run("exec", "-T", "prometheus", "nc", "-w", "3", host, port)
        assert done.returncode != 0, f"prometheus reaches {target}"


def test_grafana_has_its_data_source_and_the_dashboard(watched: ComposeProject) -> None:
    if GRAFANA not in docker("images", "--format", "{{.Repository}}:{{.Tag}}").split():
        pytest.skip(f"no image {GRAFANA} here")
    watched(*DEMO, "--profile", "monitoring", "up", "-d", "--wait", "grafana")
    login = "http://admin:$(cat /secrets/admin_password)@127.0.0.1:3000/api"
    for path, found in (
        ("datasources/uid/warta-prometheus", "Prometheus"),
        ("dashboards/uid/warta", "Warta"),
    ):
        assert found in watched.exec("grafana", "sh", "-c", f'wget -q -O - "{login}/{path}"')
    assert watched.run(
        "exec", "-T", "grafana", "sh", "-c", "wget -q -O - http://admin:admin@127.0.0.1:3000/api/org"
    ).returncode

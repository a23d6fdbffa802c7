"""docker-compose.yml for real, from nothing, wherever a Docker engine answers: `make test-compose`."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from waiting import eventually
from warta_local.newsroom import Outcome, expected_articles

pytestmark = pytest.mark.compose
ROOT = Path(__file__).parents[2]
DEMO = ("--env-file", "deploy/demo.env", "--profile", "demo")
STANDING = {"redis", "elasticsearch", "ingest", "enrich", "index"}
PUBLISHED = sum(article.outcome is Outcome.PUBLISHED for article in expected_articles())


def compose(*arguments: str, check: bool = True) -> str:
    command = ["docker", "compose", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0 or not check, done.stderr[-3_000:]
    return done.stdout


def operator(*arguments: str) -> str:
    return compose("run", "--rm", "-T", "operator", "warta", *arguments, check=False)


@pytest.fixture(scope="module", autouse=True)
def system() -> Iterator[None]:
    if subprocess.run(["docker", "info"], capture_output=True, check=False).returncode:
        pytest.skip("no Docker engine answers")
    compose("--profile", "demo", "--profile", "operator", "down", "-v", "--remove-orphans")
    compose("--profile", "operator", "build")
    compose("up", "-d", "--wait")
    yield
    if not os.environ.get("KEEP"):
        compose("--profile", "demo", "--profile", "operator", "down", "-v", "--remove-orphans")


def containers() -> dict[str, dict[str, Any]]:
    ids = compose("ps", "-q").split()
    inspected = subprocess.run(["docker", "inspect", *ids], capture_output=True, text=True, check=True).stdout
    return {c["Config"]["Labels"]["com.docker.compose.service"]: c for c in json.loads(inspected)}


def secret(service: str, path: str) -> str:
    return compose("exec", "-T", service, "cat", path).strip()


def test_everything_is_healthy() -> None:
    found = containers()
    assert set(found) >= STANDING
    for name in STANDING:
        assert found[name]["State"]["Health"]["Status"] == "healthy", name


def test_nothing_is_published_beyond_loopback() -> None:
    for name, container in containers().items():
        for bindings in container["NetworkSettings"]["Ports"].values():
            assert all(binding["HostIp"] == "127.0.0.1" for binding in bindings or ()), name


def test_no_process_is_root_and_none_has_capabilities() -> None:
    for name in STANDING:
        user = compose("exec", "-T", name, "id", "-u").strip()
        assert user != "0", name
        status = compose("exec", "-T", name, "cat", "/proc/1/status")
        assert "CapEff:\t0000000000000000" in status, name


def test_no_secret_is_in_the_configuration_or_the_logs() -> None:
    told = json.dumps(containers()) + compose("logs", "--no-color")
    for service, path in (
        ("ingest", "/secrets/redis_password"),
        ("enrich", "/secrets/redis_password"),
        ("index", "/secrets/redis_password"),
        ("index", "/secrets/elasticsearch_api_key"),
        ("elasticsearch", "/secrets/elastic_password"),
    ):
        assert secret(service, path) not in told, (service, path)


def test_a_push_needs_the_key() -> None:
    address = compose("port", "ingest", "8080").strip()
    article = {
        "external_id": "1",
        "title": "Pushed",
        "body": "Ministries met in Surabaya.",
        "source": "COMPOSE",
    }
    refused = httpx.post(
        f"http://{address}/v1/articles", json=article, headers={"authorization": "Bearer wrong"}
    )
    assert refused.status_code == 401
    key = compose("run", "--rm", "-T", "operator", "cat", "/secrets/push_key").strip()
    taken = httpx.post(
        f"http://{address}/v1/articles", json=article, headers={"authorization": f"Bearer {key}"}
    )
    assert taken.status_code == 202
    assert taken.json()["results"][0]["status"] == "published"
    eventually(
        lambda: json.loads(operator("search", "ministry", "--source", "COMPOSE", "--json"))["total"] == 1,
        30,
        1,
    )


def test_the_demo_articles_arrive() -> None:
    compose(*DEMO, "up", "-d", "--wait")

    def arrived() -> bool:
        found = json.loads(operator("search", "--size", "0", "--json") or '{"total": 0}')
        return bool(found["total"] >= PUBLISHED + 1)

    eventually(arrived, 120, 2)


def test_a_killed_service_comes_back() -> None:
    before = containers()["index"]["State"]["Pid"]
    subprocess.run(["kill", "-9", str(before)], check=True)
    eventually(lambda: containers()["index"]["State"].get("Health", {}).get("Status") == "healthy"
               and containers()["index"]["State"]["Pid"] != before, 60, 1)  # fmt: skip


def test_up_again_changes_nothing() -> None:
    before = {name: c["Id"] for name, c in containers().items()}
    compose(*DEMO, "up", "-d", "--wait")
    assert {name: c["Id"] for name, c in containers().items()} == before

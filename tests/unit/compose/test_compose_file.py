"""What can be seen of the compose file without an engine."""

from __future__ import annotations

import os
import re
import subprocess
import zlib
from pathlib import Path
from typing import Any

import pytest
import yaml

from warta_local.newsroom import feeds_yaml
from warta_shared.secrets.redis_acl import USERS, acl_file

ROOT = Path(__file__).parents[3]
COMPOSE: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_fenced_in(name: str) -> None:
    service = SERVICES[name]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"]
    assert service["pids_limit"]
    assert service["logging"]["options"]["max-size"]
    assert service.get("read_only") or name == "elasticsearch"
    assert "container_name" not in service
    assert service.get("user") != "0:0" or name == "secrets"


@pytest.mark.parametrize("name", SERVICES)
def test_nothing_is_published_beyond_loopback_and_no_image_floats(name: str) -> None:
    service = SERVICES[name]
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))
    assert service["image"].startswith("warta-") or ":" in service["image"]
    assert not service["image"].endswith(":latest")


def test_no_secret_stands_in_the_file() -> None:
    for name, service in SERVICES.items():
        for variable, value in service.get("environment", {}).items():
            if any(word in variable for word in ("PASSWORD", "KEY", "SECRET")):
                assert variable.endswith("_FILE"), (name, variable)
                assert value.startswith("/secrets/")


def test_services_that_run_on_are_checked_and_restarted() -> None:
    for name in ("redis", "elasticsearch", "ingest", "enrich", "index"):
        assert SERVICES[name]["restart"] == "always"
        assert SERVICES[name]["healthcheck"]["test"]


def test_redis_starts_anew_when_its_users_change() -> None:
    """It reads them when it starts; the container is made anew when its label is another."""
    text = acl_file(dict.fromkeys(USERS, ""))
    assert SERVICES["redis"]["labels"] == {"warta.redis-users": f"{zlib.crc32(text.encode()):08x}"}


def test_who_is_on_the_networks_of_the_servers() -> None:
    on: dict[str, set[str]] = {}
    for name, service in SERVICES.items():
        for network in service.get("networks", ()):
            on.setdefault(network, set()).add(name)
    services, commands = {"ingest", "enrich", "index"}, {"operator", "admin"}
    assert on["redis"] == {"redis", "redis-exporter"} | services | commands
    assert on["elasticsearch"] == {"elasticsearch", "elasticsearch-exporter", "setup", "index"} | commands
    assert on["metrics"] == {"prometheus", "redis-exporter", "elasticsearch-exporter"} | services
    assert on["monitoring"] == {"prometheus", "alertmanager", "grafana"}
    assert {name for name, network in COMPOSE["networks"].items() if (network or {}).get("internal")} == {
        "redis",
        "elasticsearch",
        "metrics",
        "monitoring",
    }


def test_what_watches_is_a_profile_of_its_own_and_publishes_grafana_alone() -> None:
    watching = {name for name, service in SERVICES.items() if service.get("profiles") == ["monitoring"]}
    assert watching == {"prometheus", "alertmanager", "grafana", "redis-exporter", "elasticsearch-exporter"}
    assert {name for name in watching if "ports" in SERVICES[name]} == {"grafana"}
    for name in watching:
        assert re.search(r":v?\d+\.\d+\.\d+$", SERVICES[name]["image"]), "a version, to the last number"
        assert SERVICES[name]["user"].split(":")[0] != "0"
        volumes = [volume for volume in SERVICES[name]["volumes"] if isinstance(volume, str)]
        assert all(volume.endswith(":ro") for volume in volumes if not volume.startswith(f"{name}-data:"))


def test_prometheus_asks_the_services_that_there_are() -> None:
    config = yaml.safe_load((ROOT / "deploy" / "prometheus" / "prometheus.yml").read_text())
    names = {
        name
        for job in config["scrape_configs"]
        for found in job.get("dns_sd_configs", ())
        for name in found["names"]
    }
    assert names == {"ingest", "enrich", "index"}
    targets = {
        t for job in config["scrape_configs"] for s in job.get("static_configs", ()) for t in s["targets"]
    }
    assert {target.partition(":")[0] for target in targets} - {"127.0.0.1"} <= set(SERVICES)


def test_every_variable_of_the_file_is_in_the_example() -> None:
    text, example = (ROOT / "docker-compose.yml").read_text(), (ROOT / ".env.example").read_text()
    named = {part.split(":")[0].split("}")[0] for part in text.split("${")[1:]}
    assert {name for name in named if f"#{name}=" not in example} == set()


def test_the_demo_s_feeds_are_the_newsroom_s() -> None:
    made = yaml.safe_load((ROOT / "deploy" / "demo-feeds.yaml").read_text())
    assert made == yaml.safe_load(feeds_yaml("http://newsroom:8000", (5, 60)))


@pytest.mark.parametrize(("code", "ended"), [(0, 0), (4, 0), (1, 1), (3, 1)])
def test_an_index_of_before_does_not_keep_the_services_from_starting(
    tmp_path: Path, code: int, ended: int
) -> None:
    """`warta setup` ends with 4 when all is done but what needs a new version of the index."""
    (tmp_path / "warta").write_text(f'#!/bin/sh\necho "$@" >{tmp_path}/asked\nexit {code}\n')
    (tmp_path / "warta").chmod(0o755)
    entrypoint = [part.replace("$$", "$") for part in SERVICES["setup"]["entrypoint"]]
    done = subprocess.run(
        [*entrypoint, "--rotate-keys"], env={"PATH": f"{tmp_path}:{os.environ['PATH']}"}, check=False
    )
    assert done.returncode == ended
    assert (tmp_path / "asked").read_text() == "setup --keys-dir /keys --rotate-keys\n"

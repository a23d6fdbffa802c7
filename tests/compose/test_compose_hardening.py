"""How the containers are fenced in, as the engine and the kernel see it."""

from __future__ import annotations

import json

import pytest
from compose_project import STANDING, ComposeProject

pytestmark = pytest.mark.compose

REACH = """
import socket, sys
for target in sys.argv[1:]:
    host, port = target.rsplit(":", 1)
    try:
        socket.create_connection((host, int(port)), 3).close()
        print(target)
    except OSError:
        pass
"""


def test_everything_is_healthy(system: ComposeProject) -> None:
    found = system.containers()
    for service in STANDING:
        assert found[f"{service}-1"]["State"]["Health"]["Status"] == "healthy", service


def test_one_shots_ended_well(system: ComposeProject) -> None:
    found = system.containers(ended=True)
    for service in ("secrets", "setup"):
        state = found[f"{service}-1"]["State"]
        assert (state["Status"], state["ExitCode"]) == ("exited", 0), service


def test_nothing_is_published_beyond_loopback(system: ComposeProject) -> None:
    published = set()
    for name, container in system.containers().items():
        for port, bindings in container["NetworkSettings"]["Ports"].items():
            assert all(binding["HostIp"] == "127.0.0.1" for binding in bindings or ()), name
            published |= {(name, port)} if bindings else set()
    assert published == {("ingest-1", "8080/tcp"), ("elasticsearch-1", "9200/tcp")}


def test_every_container_is_limited(system: ComposeProject) -> None:
    for name, container in system.containers(ended=True).items():
        host = container["HostConfig"]
        assert host["CapDrop"] == ["ALL"], name
        assert host["SecurityOpt"] == ["no-new-privileges:true"], name
        assert host["Memory"] > 0, name
        assert host["PidsLimit"] > 0, name
        assert host["ReadonlyRootfs"] or name == "elasticsearch-1", name
        assert host["LogConfig"]["Config"] == {"max-size": "10m", "max-file": "3"}, name
        assert not host["Privileged"], name


@pytest.mark.parametrize("service", STANDING)
def test_no_process_is_root_and_none_has_capabilities(system: ComposeProject, service: str) -> None:
    script = "for p in /proc/[0-9]*; do grep -E '^(Uid|CapEff|NoNewPrivs):' $p/status 2>/dev/null; done"
    lines = system.exec(service, "sh", "-c", script).splitlines()
    assert len(lines) >= 3
    for line in lines:
        name, *values = line.split()
        if name == "Uid:":
            assert "0" not in values
        else:
            assert values == (["1"] if name == "NoNewPrivs:" else ["0000000000000000"])


@pytest.mark.parametrize("service", ["redis", "ingest", "enrich", "index"])
def test_the_file_system_is_read_only(system: ComposeProject, service: str) -> None:
    for folder in ("/", "/opt", "/secrets"):
        done = system.run("exec", "-T", service, "sh", "-c", f"touch {folder}/x")
        assert "Read-only file system" in done.stderr, folder


def test_who_reaches_what(system: ComposeProject) -> None:
    elasticsearch = system.containers()["elasticsearch-1"]["NetworkSettings"]["Networks"].values()
    by_address = [f"{network['IPAddress']}:9200" for network in elasticsearch]
    targets = ["redis:6379", "elasticsearch:9200", *by_address]
    reached = {
        service: set(system.exec(service, "python", "-c", REACH, *targets).split())
        for service in ("ingest", "enrich", "index")
    }
    assert reached["ingest"] == {"redis:6379"}
    assert reached["enrich"] == {"redis:6379"}
    assert {"redis:6379", "elasticsearch:9200"} <= reached["index"]


def test_elasticsearch_has_no_way_out(system: ComposeProject) -> None:
    """Its published port needs a network that is not internal; the engine must not masquerade on it."""
    inside = system.exec("ingest", "python", "-c", REACH, "1.1.1.1:443")
    if not inside:
        pytest.skip("ingest has no way out either: nothing to compare with")
    done = system.run("exec", "-T", "elasticsearch", "curl", "--noproxy", "*", "-m", "4", "https://1.1.1.1")
    assert done.returncode != 0


def test_redis_takes_nobody_without_a_password(system: ComposeProject) -> None:
    assert "NOAUTH" in system.exec("redis", "redis-cli", "ping")
    script = "REDISCLI_AUTH=$(cat /health/redis_password) redis-cli --user health "
    assert system.exec("redis", "sh", "-c", script + "ping") == "PONG"
    assert "NOPERM" in system.exec("redis", "sh", "-c", script + "get x")


def test_the_images_hold_no_tools_for_building(system: ComposeProject) -> None:
    for service in ("ingest", "enrich", "index"):
        script = (
            "for tool in gcc cc make uv hatchling git curl; do command -v $tool; done; ls /src /opt/build"
        )
        assert system.run("exec", "-T", service, "sh", "-c", script).stdout == "", service


def test_the_doctor_finds_nothing_wrong_with_a_new_installation(system: ComposeProject) -> None:
    told = system.run("run", "--rm", "-T", "admin", "warta", "doctor", "--json")
    answer = json.loads(told.stdout)
    assert not [finding for finding in answer["findings"] if finding["level"] == "fail"]
    assert told.returncode == 0, told.stderr
    looked_at = {finding["check"] for finding in answer["findings"] if finding["level"] != "skipped"}
    assert {"redis", "redis users", "set-up", "cluster", "ingest", "hop index"} <= looked_at

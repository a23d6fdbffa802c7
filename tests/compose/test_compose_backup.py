"""The drill with containers: backed up, the volumes of both servers lost, restored on what is left."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from compose_project import PROJECT, ComposeProject, docker

from waiting import eventually

pytestmark = pytest.mark.compose
Key = Callable[[], str]

EVERYTHING: dict[str, Any] = {"match_all": {}}
LOST = ("redis-data", "elasticsearch-data")


def admin(system: ComposeProject, *command: str) -> str:
    return system("run", "--rm", "-T", "admin", "warta", *command).strip()


def problems(system: ComposeProject) -> dict[str, Any]:
    """What the audit finds; tests before this one kill Redis, which may have forgotten something."""
    done = system.run("run", "--rm", "-T", "operator", "warta", "audit", "--grace", "0", "--json")
    found: dict[str, Any] = json.loads(done.stdout)["articles"]
    return found


def test_what_both_servers_held_is_there_again(
    system: ComposeProject, push_key: Key, reader_key: Key
) -> None:
    assert system.push(push_key(), "kept", "The harbour was dredged.").status_code == 202
    eventually(lambda: system.count(reader_key(), {"match": {"body": "dredged"}}) == 1, 30, 1)
    audited = problems(system)
    assert audited["missing"] == audited["stale"] == []
    before = system.urls(reader_key(), EVERYTHING)
    made = json.loads(admin(system, "backup", "--keep", "3", "--json"))
    assert made["articles"] == len(before)
    system("down", "--timeout", "20")
    for volume in LOST:
        docker("volume", "rm", f"{PROJECT}_{volume}")
    restored = json.loads(admin(system, "restore", "latest", "--json"))
    assert (restored["articles"], restored["removed"]) == (len(before), 0)
    system.up()
    assert system.urls(reader_key(), EVERYTHING) == before
    again = system.push(push_key(), "kept", "The harbour was dredged.").json()["results"][0]
    assert again["status"] == "unchanged"
    fresh = system.push(push_key(), "fresh", "A lighthouse was painted.").json()["results"][0]
    assert fresh["status"] == "published"
    eventually(lambda: system.count(reader_key(), {"match": {"body": "lighthouse"}}) == 1, 30, 1)
    eventually(lambda: problems(system) == audited, 60, 1)


def test_each_touches_its_own_backups_only(system: ComposeProject) -> None:
    script = "for one in /backups/*; do stat -c '%u:%g %a' $one; done; stat -c '%u:%g %a' /backups"
    owners = system("run", "--rm", "-T", "admin", "sh", "-c", script).split("\n")
    assert owners[-2] == "10001:0 3770"
    assert {line.partition(":")[0] for line in owners[:-2]} == {"1000", "10001"}
    assert (
        "Permission denied" in system.run("exec", "-T", "elasticsearch", "sh", "-c", "ls /backups/2*").stderr
    )


def test_the_operators_image_writes_parquet(system: ComposeProject) -> None:
    told = json.loads(system.operator("warta", "export", "/tmp/all.parquet", "--json"))  # noqa: S108
    assert told["written"] == told["found"] > 0

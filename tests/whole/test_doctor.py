"""`warta doctor` on a running system, on one that has faults, and with nothing running."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import httpx

from commands import run_warta
from fixtures_stack import Running
from waiting import eventually


def warta(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return run_warta(environment, *arguments)


def doctor(environment: dict[str, str], *arguments: str) -> tuple[int, list[dict[str, Any]]]:
    done = warta(environment, "doctor", "--json", *arguments)
    assert not done.stderr
    return done.returncode, json.loads(done.stdout)["findings"]


def bad(findings: list[dict[str, Any]]) -> dict[str, str]:
    return {finding["check"]: finding["says"] for finding in findings if finding["level"] in ("warn", "fail")}


SERVERS = ("redis", "streams", "elasticsearch", "ingest", "feeds", "names", "secrets")


def test_a_running_system_is_well(running: Running) -> None:
    eventually(lambda: all(look.phase == "ready" for look in running.stack.looks()), 60)
    code, findings = doctor(running.environment(), *SERVERS)
    # Other tests leave dead letters and feeds in trouble; the disk is the machine's.
    assert not {
        name: says for name, says in bad(findings).items() if name not in ("dead letters", "feeds", "disk")
    }
    assert code in (0, 1)
    looked_at = {finding["check"] for finding in findings if finding["level"] != "skipped"}
    assert {
        "redis",
        "redis users",
        "clock",
        "hop fetch",
        "hop enrich",
        "hop index",
        "set-up",
        "cluster",
    } <= looked_at
    assert {"articles", "heap", "ingest", "polling", "WARTA_REDIS_PASSWORD_FILE"} <= looked_at


def test_what_setup_made_and_somebody_removed_is_found(running: Running) -> None:
    password = Path(running.variables["WARTA_ELASTICSEARCH_PASSWORD_FILE"]).read_text().strip()
    admin = httpx.Client(
        base_url=running.variables["WARTA_ELASTICSEARCH_URL"], auth=("elastic", password), trust_env=False
    )
    template = admin.get("/_index_template/warta-articles").raise_for_status().json()["index_templates"][0]
    changed = template["index_template"] | {"priority": template["index_template"]["priority"] + 1}
    admin.put("/_index_template/warta-articles", json=changed).raise_for_status()
    try:
        _, findings = doctor(running.environment(), "elasticsearch")
        upgrade = warta(running.environment(), "upgrade", "--check", "--json")
        assert upgrade.returncode == 1
        assert "priority" in bad(json.loads(upgrade.stdout)["findings"])["set-up"]
        assert "articles" in bad(findings)["set-up"]
        assert "priority" in bad(findings)["set-up"]
    finally:
        admin.put("/_index_template/warta-articles", json=template["index_template"]).raise_for_status()


def test_an_upgrade_to_the_same_release_changes_nothing(running: Running) -> None:
    done = warta(running.environment(), "upgrade", "--check", "--json")
    findings = json.loads(done.stdout)["findings"]
    assert (done.returncode, bad(findings)) == (0, {})
    assert {finding["check"] for finding in findings} == {"events", "redis users", "set-up", "version"}
    assert warta(running.environment(), "upgrade").returncode == 2


def test_a_wrong_key_is_told(running: Running) -> None:
    environment = running.environment() | {"WARTA_ELASTICSEARCH_API_KEY": "d3Jvbmc6a2V5"}
    del environment["WARTA_ELASTICSEARCH_PASSWORD_FILE"], environment["WARTA_ELASTICSEARCH_API_KEY_FILE"]
    code, findings = doctor(environment, "elasticsearch")
    assert code == 1
    assert bad(findings) == {"articles": "Elasticsearch knows neither this user nor key"}


def test_it_works_with_nothing_running(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WARTA_")}
    environment |= {
        "WARTA_LOCAL_DIR": str(tmp_path),
        "WARTA_REDIS_URL": "redis://127.0.0.1:9",
        "WARTA_ELASTICSEARCH_URL": "http://127.0.0.1:9",
        "WARTA_ELASTICSEARCH_API_KEY": "a2V5",
        "WARTA_INGEST_URL": "http://127.0.0.1:9",
    }
    code, findings = doctor(environment, "machine", *SERVERS)
    assert code == 3
    assert {"redis", "elasticsearch", "ingest"} <= set(bad(findings))
    assert all(finding["advice"] for finding in findings if finding["level"] == "fail")
    # An examination alone, and one that there is not.
    assert doctor(environment | {"WARTA_INGEST_URL": "http://localhost:9"}, "names")[0] == 0
    assert doctor(environment | {"WARTA_INGEST_URL": "http://nowhere.invalid:9"}, "names")[0] == 3
    unknown = warta(environment, "doctor", "nonsense")
    assert unknown.returncode == 2
    assert "streams" in unknown.stderr

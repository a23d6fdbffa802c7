"""Every command and service says in one line which setting is wrong, and exits with 2; values are not shown."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

FILE = Path(__file__).parents[1] / "data" / "msme-consultation.txt"
COMMANDS = {
    "dead-letters": (["dead-letters", "list"], "WARTA_REDIS_PASSWORD_FILE"),
    "feeds": (["feeds", "list"], "WARTA_REDIS_PASSWORD_FILE"),
    "trace": (["trace", "https://news.example/a"], "WARTA_REDIS_PASSWORD_FILE"),
    "search": (["search", "x"], "WARTA_ELASTICSEARCH_API_KEY_FILE"),
    "setup": (["setup"], "WARTA_ELASTICSEARCH_PASSWORD_FILE"),
    "backup": (["backup"], "WARTA_ELASTICSEARCH_PASSWORD_FILE"),
    "restore": (["restore", "latest"], "WARTA_ELASTICSEARCH_PASSWORD_FILE"),
    "push": (["push", str(FILE), "--external-id", "a"], "WARTA_PUSH_KEY_FILE"),
}
ADDRESSES = {
    "WARTA_REDIS_URL": "redis://127.0.0.1:1",
    "WARTA_ELASTICSEARCH_URL": "http://127.0.0.1:1",
    "WARTA_INGEST_URL": "http://127.0.0.1:1",
}


def run(command: list[str], **variables: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("WARTA_")}
    environment = {**clean, **ADDRESSES, **variables}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_whose_secret_cannot_be_read(name: str) -> None:
    arguments, variable = COMMANDS[name]
    program = [sys.executable, "-c", "from warta_shared.cli.main import run; run()", *arguments]
    ended = run(program, **{variable: "/nowhere/secret"})
    assert ended.returncode == 2
    assert ended.stderr.startswith(f"error: settings are wrong: {variable}: cannot read /nowhere/secret")
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("service", ["ingest", "enrich", "index"])
@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("WARTA_REDIS_PASSWORD_FILE", "/nowhere/secret"),
        ("WARTA_REDIS_URL", "mail://hidden"),
        ("WARTA_MIN_IDLE", "hidden"),
    ],
)
def test_a_service_with_a_wrong_setting(service: str, variable: str, value: str) -> None:
    ended = run([sys.executable, "-m", f"warta_{service}"], **{variable: value})
    assert ended.returncode == 2
    [line] = ended.stderr.splitlines()
    assert json.loads(line)["event"] == "wrong-settings"
    assert variable in line
    assert "hidden" not in ended.stderr

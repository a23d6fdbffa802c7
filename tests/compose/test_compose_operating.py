"""The commands of docs/operating.md that no other test of this folder runs, as they stand there, on the demo."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from compose_project import DEMO, ROOT, WATCHING, ComposeProject

pytestmark = pytest.mark.compose

# What stands for the words in capitals, and for a host that exists nowhere.
GIVEN = {
    "SERVICE": "index",
    "URL": "http://newsroom:8000/feeds/post/atom.xml",
    "news.example": "http://newsroom:8000/",
}

COMMANDS = [
    "docker compose ps",
    "docker compose ps redis redis-exporter",
    "docker compose logs --tail 50 redis",
    "docker compose logs --tail 50 elasticsearch elasticsearch-exporter",
    "docker compose logs --tail 50 SERVICE",
    "docker compose exec SERVICE python /opt/warta/ready.py",
    "docker compose exec ingest df /archive",
    "docker compose exec ingest warta feeds discover news.example",
    "docker compose exec ingest warta logs --help",
    "docker compose exec alertmanager amtool --alertmanager.url=http://127.0.0.1:9093 silence add "
    "alertname=WartaNoNews -d 2h -c why -a me",
    'docker compose run --rm operator warta search "small business"',
    "docker compose run --rm operator warta audit",
    "docker compose run --rm admin warta doctor",
    "docker compose run --rm admin warta doctor --quiet",
    "docker compose run --rm admin warta reindex",
    "docker compose run --rm --no-deps admin warta upgrade --check",
    "docker compose run --rm admin warta backup --keep 7",
    "docker compose run --rm admin warta backup --list",
    "docker compose run --rm admin warta restore latest --check",
    "docker compose run --rm setup",
    "docker compose restart elasticsearch",
    "docker compose restart redis redis-exporter",
    "docker compose --profile monitoring restart redis-exporter elasticsearch-exporter",
    "docker compose up -d --scale enrich=4",
    "docker compose up -d --wait redis",
    "docker compose up -d --build",
    "docker compose up -d --wait",
]
PIPED = [
    "docker compose logs --no-log-prefix --follow enrich | warta logs --level warning",
    "docker compose logs | warta logs --where article_id=ID",
]
# 1: it looked, and found something that a person should know (the demo's feeds have hostile pages).
MAY_FIND_SOMETHING = ("warta audit", "warta doctor")


@pytest.fixture(scope="module")
def watched(system: ComposeProject) -> ComposeProject:
    """The demo, and what watches it."""
    system(*DEMO, "--profile", "monitoring", "up", "-d", "--wait", *WATCHING)
    system.up(*DEMO)
    return system


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_documentation(watched: ComposeProject, command: str) -> None:
    words = shlex.split(command)[2:]
    verb = next(word for word in words if word in {"exec", "run", "ps", "logs", "restart", "up"})
    if verb in {"exec", "run"}:
        words.insert(words.index(verb) + 1, "-T")  # there is no terminal here
    settings = () if verb == "up" else DEMO
    done = watched.run(*settings, *(GIVEN.get(word, word) for word in words))
    allowed = {0, 1} if any(one in command for one in MAY_FIND_SOMETHING) else {0}
    assert done.returncode in allowed, done.stdout[-1_000:] + done.stderr[-3_000:]


@pytest.mark.parametrize("command", PIPED)
def test_logs_are_shown_on_the_host(watched: ComposeProject, command: str) -> None:
    """`--follow` ends with its time here."""
    scripts = Path(sys.executable).parent
    environment = watched.environment() | {"PATH": f"{scripts}:{os.environ['PATH']}"}
    script = f"set -o pipefail; timeout 20 {command}"
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode in {0, 124}, done.stderr[-2_000:]
    assert not done.stderr.strip(), done.stderr[-2_000:]

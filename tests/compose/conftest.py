"""One system for all tests of this folder, from nothing; `KEEP=1 make test-compose` leaves it running."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from compose_project import OWN_NAMES, PROJECT, ROOT, ComposeProject, docker


@pytest.fixture(scope="session")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of deploy/ that tests may change, readable for the user of a container."""
    folder = tmp_path_factory.mktemp("compose") / "config"
    shutil.copytree(ROOT / "deploy", folder)
    (folder / "tables").mkdir()
    (folder / "tables" / "entities.tsv").write_text(OWN_NAMES, encoding="utf-8")
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return folder


@pytest.fixture(scope="session")
def system(config: Path) -> Iterator[ComposeProject]:
    """The system as `docker compose up -d --wait` leaves it."""
    if subprocess.run(["docker", "info"], capture_output=True, check=False).returncode:
        pytest.fail("no Docker engine answers: these tests run docker-compose.yml for real", pytrace=False)
    project = ComposeProject(config)
    project.wipe()
    started = time.monotonic()
    project("build")
    built = time.monotonic()
    project.up()
    print(f"\nbuilt in {built - started:.0f} s, healthy {time.monotonic() - built:.0f} s later")
    print(f"memory: {memory()}")
    yield project
    if not os.environ.get("KEEP"):
        project.wipe()


def memory() -> str:
    """What each container holds, as the engine measures it."""
    told = docker("stats", "--no-stream", "--format", "{{.Name}} {{.MemUsage}}").splitlines()
    held = [line.removeprefix(f"{PROJECT}-") for line in sorted(told) if line.startswith(PROJECT)]
    return "; ".join(held)


@pytest.fixture
def push_key(system: ComposeProject) -> Callable[[], str]:
    """The operator's push key as it is now; it changes when it is rotated."""
    return lambda: system.operator("cat", "/secrets/push_key")


@pytest.fixture
def reader_key(system: ComposeProject) -> Callable[[], str]:
    """The key with which apps read, as it is now."""
    return lambda: system.operator("cat", "/secrets/elasticsearch_api_key")

"""`warta local` for real: one folder, five processes, killed and stopped in every order."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from warta_local.stack import StackFolder

PROCESSES = ["redis", "elasticsearch", "ingest", "enrich", "index"]
ARTICLE = "Harga beras turun di Pasar Johar\n| Source: TEST\n\nPedagang di Semarang menurunkan harga beras.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[StackFolder]:
    folder = StackFolder(tmp_path / "stack")
    yield folder
    run(folder, "down", "--wipe")


def run(folder: StackFolder, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "warta_local", *arguments, "--dir", str(folder.root)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def warta(folder: StackFolder, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from warta_shared.cli.main import run; run()"]
    return subprocess.run(
        [*command, "--env-file", str(folder.client_env), *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def status(folder: StackFolder) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(run(folder, "status", "--json").stdout)
    return content


def process(folder: StackFolder, name: str) -> dict[str, Any]:
    return next(found for found in status(folder)["processes"] if found["name"] == name)


def until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.2)


def family(pids: list[int]) -> list[psutil.Process]:
    """The processes and all that they started."""
    found = [psutil.Process(pid) for pid in pids]
    return [*found, *(child for parent in found for child in parent.children(recursive=True))]


def all_gone(processes: list[psutil.Process]) -> bool:
    def lives(one: psutil.Process) -> bool:
        with contextlib.suppress(psutil.NoSuchProcess):
            return one.status() != psutil.STATUS_ZOMBIE
        return False

    return not any(map(lives, processes))


def found(folder: StackFolder, word: str) -> int:
    answer = warta(folder, "search", word, "--json")
    return int(json.loads(answer.stdout)["total"]) if answer.returncode in {0, 1} else 0


def test_a_whole_life(folder: StackFolder, tmp_path: Path) -> None:
    started = run(folder, "up", "--detach")
    assert started.returncode == 0, started.stderr
    assert "push API: http://127.0.0.1:" in started.stderr

    first = status(folder)
    assert first["ready"] is True
    assert [one["name"] for one in first["processes"]] == PROCESSES
    assert [one["restarts"] for one in first["processes"]] == [0] * 5
    pids = [one["pid"] for one in first["processes"]]
    for one in family(pids):
        listening = [c.laddr.ip for c in one.net_connections() if c.status == psutil.CONN_LISTEN]
        assert set(listening) <= {"127.0.0.1", "::ffff:127.0.0.1"}

    again = run(folder, "up")
    assert again.returncode == 1
    assert f"process {first['supervisor_pid']}, push API at {first['urls']['ingest']}" in again.stderr

    article = tmp_path / "article.txt"
    article.write_text(ARTICLE, encoding="utf-8")
    pushed = warta(folder, "push", str(article), "--external-id", "beras-1")
    assert pushed.returncode == 0, pushed.stderr
    until(lambda: found(folder, "beras") == 1)

    index = process(folder, "index")
    os.kill(index["pid"], signal.SIGKILL)
    until(lambda: process(folder, "index")["restarts"] == 1 and process(folder, "index")["ready"])
    assert process(folder, "index")["pid"] != index["pid"]

    # The supervisor dies without a word: nothing may be left, and the next start finds everything as it was.
    everyone = family([one["pid"] for one in status(folder)["processes"]])
    os.kill(first["supervisor_pid"], signal.SIGKILL)
    until(lambda: all_gone(everyone))
    assert run(folder, "status").returncode == 3
    assert run(folder, "up", "--detach").returncode == 0
    second = status(folder)
    assert second["urls"] == first["urls"]
    assert found(folder, "beras") == 1

    everyone = family([second["supervisor_pid"], *(one["pid"] for one in second["processes"])])
    stopped = run(folder, "down")
    assert (stopped.returncode, stopped.stderr) == (0, "stopped\n")
    # The one that watches for our death ends moments after the supervisor.
    until(lambda: all_gone(everyone), 5)
    for name in PROCESSES:
        assert run(folder, "logs", name, "-n", "1").returncode == 0
    ended = [folder.log(name).read_text(encoding="utf-8") for name in ("redis", "elasticsearch")]
    assert "ready to exit" in ended[0]
    assert "Node closed" in ended[1]

    data = folder.elasticsearch.resolve()
    assert run(folder, "down", "--wipe").returncode == 0
    assert not folder.root.exists()
    assert not data.exists()


def test_interrupted_while_starting(folder: StackFolder) -> None:
    up = subprocess.Popen(
        [sys.executable, "-m", "warta_local", "up", "--dir", str(folder.root)],
        stderr=subprocess.PIPE,
        text=True,
    )
    until(lambda: folder.record.exists() and process(folder, "elasticsearch")["pid"] is not None)
    everyone = family([one["pid"] for one in status(folder)["processes"]])
    up.send_signal(signal.SIGINT)
    _, said = up.communicate(timeout=60)
    assert up.returncode == 0
    assert said.endswith("stopping (Ctrl-C again: at once)\nstopped\n")
    assert all_gone(everyone)
    assert run(folder, "status").returncode == 3

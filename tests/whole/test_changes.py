"""`warta changes`: an app that keeps its cursor in a file sees each article once, whatever happens between two runs."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path
from typing import Any

from commands import WARTA, run_warta
from fixtures_stack import Running
from waiting import eventually

SOURCE = "CHANGES"


def told(running: Running, *arguments: str, code: int = 0) -> list[dict[str, Any]]:
    done = run_warta(running.environment(), "changes", *arguments)
    assert done.returncode == code, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def article(number: int, body: str) -> dict[str, Any]:
    return {"external_id": f"c{number}", "title": f"Judul {number}", "body": body, "source": SOURCE}


def changes(lines: list[dict[str, Any]]) -> list[tuple[str, str]]:
    own = [line for line in lines if line.get("article", {}).get("source", {}).get("id") == SOURCE]
    return [(line["change"], line["article"]["title"]) for line in own]


def test_new_edited_and_withdrawn_each_once(running: Running, tmp_path: Path) -> None:
    file = tmp_path / "app.cursor"
    file.write_text(told(running, "--since", "now")[-1]["cursor"])
    kept = ("--cursor-file", str(file))

    def seen(number: int) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        eventually(lambda: found.extend(changes(told(running, *kept))) or len(found) >= number)
        return sorted(found)

    running.push([article(1, "Isi pertama."), article(2, "Isi kedua.")]).raise_for_status()
    assert seen(2) == [("new", "Judul 1"), ("new", "Judul 2")]
    running.push([article(1, "Isi lain."), article(2, "Isi kedua.")]).raise_for_status()
    assert seen(1) == [("edited", "Judul 1")]
    running.push({"external_id": "c2", "source": SOURCE, "status": "withdrawn"}).raise_for_status()
    assert seen(1) == [("withdrawn", "Withdrawn")]
    assert changes(told(running, *kept)) == []


def test_it_follows_and_keeps_its_place_when_it_is_stopped(running: Running, tmp_path: Path) -> None:
    file = tmp_path / "app.cursor"
    file.write_text(told(running, "--since", "now")[-1]["cursor"])
    command = [*WARTA, "changes", "--cursor-file", str(file), "--follow", "--every", "0.2"]
    with subprocess.Popen(command, env=running.environment(), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        running.push(article(10, "Isi kesepuluh.")).raise_for_status()
        started, lines = time.monotonic(), []
        while not changes(lines) and time.monotonic() - started < 30:
            lines.append(json.loads(process.stdout.readline()))
        process.kill()
    assert changes(lines) == [("new", "Judul 10")]
    repeated = changes(told(running, "--cursor-file", str(file)))
    assert repeated in ([], [("new", "Judul 10")])  # killed between the line and its cursor


def test_no_cursor_is_a_usage_error(running: Running, tmp_path: Path) -> None:
    told(running, "--since", "yesterday", code=2)
    (tmp_path / "x").write_text("nonsense")
    told(running, "--cursor-file", str(tmp_path / "x"), code=2)

"""`make demo` without its installation: what a newcomer sees first."""

from __future__ import annotations

import os
from pathlib import Path

from commands import warta_process

SECONDS = 240


def test_everything_arrives_is_found_and_ends_by_itself(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WARTA_")}
    done = warta_process(environment, "demo", "--no-stay", "--dir", str(tmp_path / "demo"), timeout=SECONDS)
    assert done.returncode == 0, done.stdout[-3_000:] + done.stderr[-1_000:]
    for heading in (
        "what each stage did",
        "warta search 'ministry small business'",
        "warta search --facets",
        "warta dead-letters list",
        "ask it yourself",
    ):
        assert heading in done.stdout, heading
    assert "Traceback" not in done.stdout + done.stderr

"""`make demo` without its installation: what a newcomer sees first."""

from __future__ import annotations

import os
from pathlib import Path

from commands import warta_process

SECONDS = 240
README = Path(__file__).parents[2] / "README.md"


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
        "`warta demo --stay` leaves it running",
    ):
        assert heading in done.stdout, heading
    assert "Traceback" not in done.stdout + done.stderr
    assert facets(done.stdout) == facets(README.read_text(encoding="utf-8")), "the README shows another run"


def facets(text: str) -> list[str]:
    """What the newsroom is about, by topic, language, person, organisation and place. Sources are left out: of an
    article that two feeds have, it is the feed that was polled first.
    """
    shown = text.partition("warta search --facets")[2].partition("what each stage did")[0]
    before, _, after = shown.partition("sources\n")
    lines = [*before.splitlines(), *after.partition("languages")[2].splitlines()]
    return [" ".join(line.split()) for line in lines if line.strip()]

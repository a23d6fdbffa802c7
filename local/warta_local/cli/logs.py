"""The ends of log files, and what is added to them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from warta_local.processes.child import last_lines

FOLLOW_SECONDS = 0.25


def recent(logs: Sequence[Path], lines: int) -> Iterator[tuple[str, str]]:
    """The last lines of each log, as pairs of name and line."""
    for log in logs:
        for line in last_lines(log, lines).splitlines() if lines else ():
            yield log.stem, line


def follow(logs: Callable[[], Sequence[Path]], stopped: Callable[[], bool]) -> Iterator[tuple[str, str]]:
    """Whole lines as they are added, also to logs that begin later or begin anew."""
    places = {log: log.stat().st_size for log in logs()}
    while not stopped():
        for log in logs():
            size = log.stat().st_size
            start = places.get(log, 0)
            added, places[log] = _whole_lines(log, start if start <= size else 0)
            for line in added:
                yield log.stem, line
        time.sleep(FOLLOW_SECONDS)


def _whole_lines(log: Path, start: int) -> tuple[list[str], int]:
    """The complete lines from `start` on, and where the next one begins."""
    with log.open("rb") as file:
        file.seek(start)
        text = file.read()
    end = text.rfind(b"\n") + 1
    return text[:end].decode(errors="replace").splitlines(), start + end

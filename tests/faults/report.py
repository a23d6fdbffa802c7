"""What many trials came to: a line while they run, a JSON file and a table at the end."""

from __future__ import annotations

import json
import platform
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from statistics import quantiles
from typing import Any

from faults.trials.trial import Result

COLUMNS = (
    "row", "trials", "failed", "accepted", "lost", "duplicated", "other", "redelivered", "dead letters",
    "recovery p50 / p99 / max (s)", "memory (MB)", "server",
)  # fmt: skip


def progress(number: int, of: int, result: Result) -> str:
    """One line a trial."""
    said = f"FAILED {result.problem}" if result.problem else "ok"
    return (
        f"{number}/{of} {result.row} seed {result.seed}: {said} | accepted {result.accepted}, "
        f"pushes {result.pushes}, redelivered {result.redelivered}, recovery {result.recovery:.1f} s, "
        f"{result.seconds:.1f} s"
    )


def run_again(result: Result) -> str:
    """The command that runs a trial again."""
    return f"make faults TRIALS=1 SEED={result.seed} ROWS={result.slug}"


def write_report(path: Path, results: Sequence[Result], skipped: dict[str, str]) -> str:
    """`path` gets the JSON, beside it a table in Markdown; returns the table."""
    rows = [_summary(row, some) for row, some in _by_row(results).items()]
    told = {
        "machine": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        "rows": rows,
        "skipped": skipped,
        "failed": [result.as_json() | {"again": run_again(result)} for result in results if result.problem],
        "trials": [result.as_json() for result in results],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(told, indent=1))
    text = table([*rows, _summary("all", results)]) + "".join(
        f"\nskipped: {row}: {why}" for row, why in skipped.items()
    )
    path.with_suffix(".md").write_text(text + "\n")
    return text


def table(rows: Sequence[dict[str, Any]]) -> str:
    """Markdown."""
    lines = [f"| {' | '.join(COLUMNS)} |", f"|{'---|' * len(COLUMNS)}"]
    lines += [f"| {' | '.join(str(row[column]) for column in COLUMNS)} |" for row in rows]
    return "\n".join(lines)


def _by_row(results: Sequence[Result]) -> dict[str, list[Result]]:
    found: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        found[result.row].append(result)
    return found


def _summary(row: str, results: Sequence[Result]) -> dict[str, Any]:
    counts = [result.verdict.counts() for result in results]
    recovered = [result.recovery for result in results if result.recovery]
    other = ("phantoms", "altered", "stale", "buried", "both")
    return {
        "row": row,
        "trials": len(results),
        "failed": sum(bool(result.problem) for result in results),
        "accepted": sum(result.accepted for result in results),
        "lost": sum(count["lost"] for count in counts),
        "duplicated": sum(count["duplicated"] for count in counts),
        "other": sum(count[kind] for count in counts for kind in other),
        "redelivered": sum(result.redelivered for result in results),
        "dead letters": sum(result.dead_letters for result in results),
        "recovery p50 / p99 / max (s)": _spread(recovered),
        "memory (MB)": max((result.memory for result in results), default=0) // 1_000_000,
        "server": ", ".join(sorted({result.version for result in results if result.version})),
        "seeds": [result.seed for result in results],
    }


def _spread(seconds: Sequence[float]) -> str:
    if not seconds:
        return "-"
    cuts = quantiles(seconds, n=100, method="inclusive") if len(seconds) > 1 else [seconds[0]] * 99
    return f"{cuts[49]:.1f} / {cuts[98]:.1f} / {max(seconds):.1f}"

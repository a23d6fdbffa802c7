"""docs/metrics.md: the table of metrics, written down for people."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from warta_shared.generated import generate
from warta_shared.telemetry.declaration import Declaration, Kind, Table
from warta_shared.telemetry.metrics import TABLES

PATH = Path(__file__).parents[3] / "docs" / "metrics.md"
HEAD = """# Metrics
Made from `shared/warta_shared/telemetry/metrics.py`. Each service shows its own at `/metrics`, in Prometheus' format; \
what is shown by every service stands in the first table, by `hop` (fetch, enrich, index) where it is one. All of them \
also show `process_*` and `python_*`.

"Replicas" says how the values of several replicas of a service make one. `max`: all of them measure the same Redis, \
so write `max by (hop) (warta_backlog)` and not `sum`. `sum`: each tells of its own work, so add up, with `rate()` \
for counters and histograms. A gauge without labels is `NaN` until it is known for the first time.

Why an article became a dead letter: `warta_messages_total{outcome="dead"}` by `reason`. Alerts and a dashboard that \
use all this: [operating.md](operating.md#watching).
"""


def written() -> dict[Path, str]:
    """The file as it should be."""
    return {PATH: "\n".join([HEAD, *map(_section, TABLES)])}


def main(arguments: Sequence[str]) -> int:
    """Write the file, or compare it with `--check`."""
    return generate("warta_shared.telemetry.metrics_document", written(), arguments)


def _section(table: Table) -> str:
    lines = [
        f"## {table.title}",
        "| Name | Type | Unit | Labels | Replicas | Meaning |",
        "|---|---|---|---|---|---|",
    ]
    return "\n".join([*lines, *map(_row, table.declarations), ""])


def _row(one: Declaration) -> str:
    labels = ", ".join(f"`{label}`" for label in one.labels)
    across = f"`{one.across}`" if one.kind is Kind.GAUGE else "`sum`"
    cells = (f"`{one.exposed}`", str(one.kind), one.unit, labels, across, one.help)
    return f"| {' | '.join(cells)} |".replace("|  |", "| |").replace("|  |", "| |")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

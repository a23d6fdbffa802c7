"""One row of the table: what was scored, on what, and how well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` of a `measure` (F1, accuracy ..) on `cases` cases of a file, with its 95 % interval.

    `seen` says that the shipped model learnt from this very file.
    """

    task: str
    file: str
    what: str
    measure: str
    cases: int
    value: float
    low: float
    high: float
    seen: bool = False


def table(figures: Sequence[Figure]) -> str:
    """The figures as aligned text."""
    rows = [("task", "file", "what", "cases", "measure", "value", "95 %", "")]
    rows += [
        (
            one.task,
            one.file,
            one.what,
            str(one.cases),
            one.measure,
            f"{one.value:.3f}",
            f"{one.low:.3f}-{one.high:.3f}",
            "seen" if one.seen else "",
        )
        for one in figures
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )

"""What commands print: JSON for programs, tables and times for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from warta_shared.cli.terminal import printable


def print_json(value: Any) -> None:
    """The value on standard output, indented."""
    typer.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())


def print_table(headings: Iterable[str], rows: Iterable[tuple[Sequence[str], str | None]]) -> None:
    """Rows of cells, each with its style (None: plain); cells are shown, never obeyed."""
    table = Table(box=None, pad_edge=False)
    for heading in headings:
        table.add_column(heading)
    for cells, style in rows:
        table.add_row(*(Text(printable(cell)) for cell in cells), style=style)
    Console().print(table)


def instant(milliseconds: int | None) -> str | None:
    """A time since 1970 as people read it; None for never (0 or None)."""
    if not milliseconds:
        return None
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="seconds")

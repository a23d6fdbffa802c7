"""How push keys are shown: rows for programs, a table for people; never a key or its digest."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import typer

from warta_ingest.push.key_store import KeyRecord
from warta_shared.cli.output import instant, print_table

COLUMNS = ("prefix", "name", "origin", "created", "last_used", "expires", "rate", "sources")
EMPTY = {"last_used": "never", "expires": "never", "rate": "default", "sources": "all"}

Row = dict[str, Any]


def rows(made: Mapping[str, KeyRecord], of_file: Iterable[str], used: Mapping[str, int]) -> list[Row]:
    """All keys, those of the keys file first; `of_file` and `used` name them by id (`file:NAME`)."""
    ids = sorted({*of_file, *(shown for shown in used if shown.startswith("file:"))})
    filed = [_row(shown, shown.removeprefix("file:"), "file", used.get(shown)) for shown in ids]
    return filed + [made_row(shown, record, used.get(shown)) for shown, record in made.items()]


def made_row(prefix: str, record: KeyRecord, used: int | None = None) -> Row:
    """A key that a command made."""
    return _row(prefix, record.name, "command", used) | {
        "created": instant(record.created_at),
        "expires": instant(record.expires_at),
        "expired": record.expires_at is not None and record.expires_at <= time.time() * 1000,
        "rate": record.per_minute,
        "sources": list(record.sources),
    }


def print_rows(found: Sequence[Row]) -> None:
    """A table; what has expired is red."""
    if not found:
        typer.echo("no keys; make one with `warta keys make NAME`")
        return
    print_table(
        (column.replace("_", " ") for column in COLUMNS),
        (
            ([_cell(column, one[column]) for column in COLUMNS], "red" if one["expired"] else None)
            for one in found
        ),
    )


def _row(prefix: str, name: str, origin: str, used: int | None) -> Row:
    row: Row = dict.fromkeys((*COLUMNS, "expired"))
    return row | {
        "prefix": prefix,
        "name": name,
        "origin": origin,
        "last_used": instant(used),
        "expired": False,
        "sources": [],
    }


def _cell(column: str, value: Any) -> str:
    return ", ".join(value) if value and isinstance(value, list) else str(value or EMPTY.get(column, "-"))

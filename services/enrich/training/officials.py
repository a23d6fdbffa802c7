"""High officials: full names, and the short or common ones that are theirs while they are in office."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from warta_enrich.rows import Row, read_rows, split_cell
from warta_enrich.steps.gazetteer import BOTH

CUE = "office"
OFFICIAL_COLUMNS = ("id", "name", "home", "office", "from", "to", "names", "short", "titled")


def official_rows(sources: Path) -> Iterator[tuple[str, ...]]:
    """(id, kind, name, home, aliases) of each official; TableError for a time in office that cannot be."""
    officials: dict[str, list[Row]] = {}
    for row in read_rows(sources / "officials.tsv", OFFICIAL_COLUMNS):
        _check(row)
        officials.setdefault(row["id"], []).append(row)
    for rows in officials.values():
        names = [name for row in rows for name in split_cell(row["names"])]
        aliases = [
            *names,
            *_while_in_office(rows, "short"),
            *_while_in_office(rows, "titled", f"{BOTH}{CUE}"),
        ]
        first = rows[0]
        yield first["id"], "person", first["name"], first["home"], "|".join(dict.fromkeys(aliases))


def _while_in_office(rows: Sequence[Row], column: str, rule: str = "") -> Iterator[str]:
    """Each name of a column with the days from the first office to the last in which it is theirs."""
    for name in dict.fromkeys(name for row in rows for name in split_cell(row[column])):
        terms = [row for row in rows if name in split_cell(row[column])]
        ends = [row["to"] for row in terms]
        yield f"{name}={min(row['from'] for row in terms)}..{max(ends) if all(ends) else ''}{rule}"


def _check(row: Row) -> None:
    try:
        days = [date.fromisoformat(row[end]) for end in ("from", "to") if row[end] or end == "from"]
    except ValueError as error:
        raise row.fail(f"{error}: expected days such as 2024-10-20, `to` may be empty") from error
    if days != sorted(days):
        raise row.fail(f"the term ends ({row['to']}) before it begins ({row['from']})")

"""Tables as tab-separated text: one header, checked cells, errors that name file and line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

TABLE_BYTES_MAX = 20_000_000


class TableError(Exception):
    """A table cannot be used; the message says which file and line, what is wrong and what is expected."""


class Row(dict[str, str]):
    """One row by column name, and where it stands (`organisations.tsv:12`)."""

    def __init__(self, cells: dict[str, str], place: str) -> None:
        super().__init__(cells)
        self.place = place

    def fail(self, problem: str) -> TableError:
        """The error to raise when this row cannot be used."""
        return TableError(f"{self.place}: {problem}")


def read_rows(path: Path, columns: tuple[str, ...]) -> Iterator[Row]:
    """The rows of a table whose header must be `columns`; empty lines and lines that start with # are skipped."""
    lines = _text(path).splitlines()
    header = tuple(lines[0].split("\t")) if lines else ()
    if header != columns:
        raise TableError(
            f"{path.name}:1: the header must be {'<tab>'.join(columns)}, it is {'<tab>'.join(header)!r}"
        )
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t")
        if len(cells) != len(columns):
            raise TableError(
                f"{path.name}:{number}: {len(cells)} cells, expected {len(columns)} separated by tabs"
            )
        yield Row(dict(zip(columns, (cell.strip() for cell in cells), strict=True)), f"{path.name}:{number}")


def split_cell(cell: str) -> list[str]:
    """The values of a cell that holds several, separated by `|`."""
    return [value for part in cell.split("|") if (value := part.strip())]


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > TABLE_BYTES_MAX:
            raise TableError(f"{path.name}: larger than {TABLE_BYTES_MAX} bytes")
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise TableError(f"{path.name}: not UTF-8 ({error.reason} at byte {error.start})") from error
    except OSError as error:
        raise TableError(f"{path}: cannot be read ({error.strerror})") from error

"""Articles in a table: CSV with a head that names the push API's fields."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from typing import IO

from warta_ingest.backfill.item import Article, Damaged, Item, Refused
from warta_ingest.backfill.lines import LINE_BYTES_MAX
from warta_ingest.push.article import PushedArticle

# Names in one cell stand with semicolons between them.
LISTS = frozenset({"authors", "sections", "topics"})
FIELDS = tuple(name for name in PushedArticle.model_fields if name != "extensions")
_DELIMITERS = ",;\t"


def rows(file: IO[bytes]) -> Iterator[Item]:
    """One article a row, `line N` by the line on which it ends; raises Damaged when the head is no head."""
    csv.field_size_limit(LINE_BYTES_MAX)
    # What is no UTF-8 is found in the row that holds it, and does not end the file.
    text = io.TextIOWrapper(file, "utf-8", errors="surrogateescape", newline="")
    head_line = text.readline(1_000_000).removeprefix(codecs.BOM_UTF8.decode())
    delimiter = max(_DELIMITERS, key=head_line.count)
    head = [name.strip().lower() for name in next(csv.reader([head_line], delimiter=delimiter), [])]
    if unknown := [name for name in head if name not in FIELDS]:
        known = ", ".join(FIELDS)
        raise Damaged(f"the first line names {unknown[0][:60]!r}, which is no field; the fields are {known}")
    if not {"title", "body"} <= set(head):
        raise Damaged("the first line must name the columns; title and body among them")
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Item(f"line {reader.line_num + 1}", Refused("not-csv", str(error)[:200]))
            continue
        if row:
            yield Item(f"line {reader.line_num + 1}", _article(head, row))


def _article(head: list[str], row: list[str]) -> Article | Refused:
    if len(row) != len(head):
        return Refused("not-csv", f"{len(row)} cells, but {len(head)} columns")
    if any("\udc80" <= character <= "\udcff" for cell in row for character in cell):
        return Refused("not-utf-8")
    cells = {name: cell.strip() for name, cell in zip(head, row, strict=True) if cell.strip()}
    return Article({name: _names(cell) if name in LISTS else cell for name, cell in cells.items()})


def _names(cell: str) -> list[str]:
    return [name for part in cell.split(";") if (name := part.strip())]

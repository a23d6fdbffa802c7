"""What a file of exported articles holds: JSON lines as they are in the index, a table, or typed columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

import orjson

Json = Mapping[str, Any]
BETWEEN = "; "


class Form(StrEnum):
    """The forms of files."""

    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"


_NAMES = {".jsonl": Form.JSONL, ".ndjson": Form.JSONL, ".csv": Form.CSV, ".parquet": Form.PARQUET}


def form_of(path: Path) -> Form | None:
    """By the file's name, `.gz` aside; None where it does not tell. Parquet is compressed inside."""
    name = path.name.removesuffix(".gz")
    form = _NAMES.get(Path(name).suffix)
    return None if form is Form.PARQUET and name != path.name else form


def _plain(*path: str) -> Callable[[Json], Any]:
    def value(article: Json) -> Any:
        found: Any = article
        for name in path:
            found = (found or {}).get(name)
        return found

    return value


def _joined(name: str, part: str = "") -> Callable[[Json], str]:
    def value(article: Json) -> str:
        members = article.get(name) or ()
        return BETWEEN.join(str(member.get(part) or "") if part else str(member) for member in members)

    return value


# Columns of a table, in order; lists are one cell.
COLUMNS: dict[str, Callable[[Json], Any]] = {
    **{
        name: _plain(name)
        for name in (
            "id",
            "revision",
            "status",
            "url",
            "title",
            "summary",
            "body",
            "published_at",
            "first_seen_at",
        )
    },
    "source": _plain("source", "id"),
    "source_name": _plain("source", "name"),
    "language": _plain("language"),
    "authors": _joined("authors"),
    "sections": _joined("sections"),
    "topics": _joined("topics", "code"),
    "topic_names": _joined("topics", "name"),
    "people": _joined("people", "name"),
    "organisations": _joined("organisations", "name"),
    "places": _joined("places", "name"),
    "tickers": _joined("tickers", "name"),
    "agency": _plain("agency"),
    "story_id": _plain("story_id"),
    "story_source": _plain("story_source"),
    "word_count": _plain("word_count"),
}


def head(form: Form) -> bytes:
    """What stands before the first article."""
    return _row(COLUMNS) if form is Form.CSV else b""


def rows(form: Form, articles: Sequence[Json]) -> bytes:
    """The articles, a line each (a table's texts may hold line breaks); Parquet is made of JSON lines at the end."""
    return b"".join(_csv(articles) if form is Form.CSV else map(_json, articles))


def _json(article: Json) -> bytes:
    return orjson.dumps(article, option=orjson.OPT_APPEND_NEWLINE)


def _csv(articles: Sequence[Json]) -> Iterator[bytes]:
    for article in articles:
        yield _row(_harmless(column(article)) for column in COLUMNS.values())


def _harmless(value: Any) -> Any:
    """Spreadsheets run a cell that begins like a formula (OWASP, CSV injection)."""
    return f"'{value}" if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"} else value


def _row(cells: Any) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue().encode()

"""Texts with a label as files hold them: one JSON object a line, or one text a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from warta_shared.events import RawArticle
from warta_shared.events.article import Source
from warta_shared.events.fields import BODY_MAX, TITLE_MAX

_SEEN_AT = datetime(2025, 6, 2, tzinfo=UTC)
NO_TITLE = "-"


class FormatError(Exception):
    """A file is not in the documented format; the message says where and what is expected."""


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A text, its title where it has one, and what it should be taken for."""

    text: str
    label: str
    title: str | None = None


def read_jsonl(path: Path, label: str) -> list[MarkedText]:
    """{"text": .., "title": .. (may be left out), LABEL: ..} a line. Raises FormatError with file and line."""
    return [_marked(line, label, f"{path.name}:{number}") for number, line in _lines(path)]


def read_lines(path: Path, label: str) -> list[MarkedText]:
    """One text a line, all with this label."""
    return [MarkedText(line, label) for _, line in _lines(path)]


def article_of(title: str, body: str) -> RawArticle:
    """A text as an article; what no event may hold is left out."""
    body = body.replace("\x00", " ")
    return RawArticle(
        id="a" * 26,
        observed_at=1,
        first_seen_at=_SEEN_AT,
        title=title.replace("\x00", " ")[:TITLE_MAX],
        body=body[:BODY_MAX],
        source=Source(id="EVALUATE"),
        word_count=len(body.split()),
        content_hash="0" * 32,
    )


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise FormatError(f"{path.name}: not UTF-8 ({error.reason} at byte {error.start})") from error
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, line.strip()


def _marked(line: str, label: str, place: str) -> MarkedText:
    try:
        value = json.loads(line)
    except ValueError as error:
        raise FormatError(f"{place}: no JSON ({error})") from error
    texts = [value.get(name) for name in ("text", label)] if isinstance(value, dict) else [None]
    if not all(isinstance(text, str) and text.strip() for text in texts):
        raise FormatError(f'{place}: expected {{"text": "..", "{label}": ".."}} with texts')
    title = value.get("title")
    return MarkedText(
        value["text"], value[label], title if isinstance(title, str) and title.strip() else None
    )

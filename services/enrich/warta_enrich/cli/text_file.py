"""A text to enrich from a file or standard input."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from warta_shared.events import RawArticle
from warta_shared.events.article import Source
from warta_shared.events.fields import BODY_MAX, TITLE_MAX

BYTES_MAX = 8_000_000


class UnreadableText(Exception):
    """What is wrong with a file, for people."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the person says of a text beside the text itself."""

    language: str | None
    country: str | None
    published: datetime | None


def read_text(file: str) -> tuple[str, str]:
    """(title, body) of a file, `-` for standard input: JSON with `title` and `body`, else a text whose first line is
    its title; raises UnreadableText.
    """
    try:
        raw = sys.stdin.buffer.read(BYTES_MAX + 1) if file == "-" else _read(Path(file))
    except OSError as error:
        raise UnreadableText(error.strerror or str(error)) from error
    if len(raw) > BYTES_MAX:
        raise UnreadableText(f"more than {BYTES_MAX:,} bytes")
    title, body = _of_json(raw) if raw.lstrip()[:1] == b"{" else _of_lines(raw.decode("utf-8", "replace"))
    if not body.strip():
        raise UnreadableText("there is no text below the first line, which is taken for the title")
    return title.strip()[:TITLE_MAX] or "-", body.strip()[:BODY_MAX]


def article_of(title: str, body: str, told: Told) -> RawArticle:
    """The text as an article; raises pydantic's ValidationError for what an event cannot hold."""
    now = datetime.now(UTC)
    return RawArticle(
        id="a" * 26,
        observed_at=int(now.timestamp() * 1000),
        first_seen_at=now,
        title=_clean(title),
        body=_clean(body),
        published_at=told.published,
        source=Source(id="text", country=told.country),
        language_hint=told.language,
        word_count=len(body.split()),
        content_hash="0" * 32,
    )


def _read(path: Path) -> bytes:
    with path.open("rb") as opened:
        return opened.read(BYTES_MAX + 1)


def _of_json(raw: bytes) -> tuple[str, str]:
    try:
        value: Any = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise UnreadableText(f"it begins like JSON and is none: {error}") from error
    title, body = value.get("title", ""), value.get("body", "")
    if not (isinstance(title, str) and isinstance(body, str)):
        raise UnreadableText("title and body must be texts")
    return title, body


def _of_lines(text: str) -> tuple[str, str]:
    title, _, body = text.strip().partition("\n")
    return title, body


def _clean(text: str) -> str:
    """What no event may hold."""
    return text.replace("\x00", "")

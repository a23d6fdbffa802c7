"""Articles in a file: JSON (one or a list), NDJSON, or plain text with a headline."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

import orjson

# The page of a reader's site as text: site name, headline, "| Source: CODE", paragraphs, "View JSON | Print".
_SOURCE_LINE = re.compile(r"\|\s*Source:\s*(?P<source>[A-Za-z0-9][A-Za-z0-9._:-]*)")
_PAGE_FOOT = re.compile(r"View JSON\s*\|\s*Print")
_JSON, _LINES = "json", frozenset({"ndjson", "jsonl"})  # what names of files end with
# The source stands at the head of the page; further down the line is part of the article.
_HEAD_LINES = 6


class UnreadableFile(ValueError):
    """The file holds no articles in a form that is known here."""


def read_articles(file: BinaryIO, name: str) -> Iterator[Any]:
    """The articles of a file by its name's ending: .json, .ndjson or .jsonl (read line by line), else text.

    Raises UnreadableFile, in the middle of an NDJSON file too.
    """
    ending = _ending(name)
    if ending == _JSON:
        value = _json(_without_mark(file.read()), "the file")
        yield from value if isinstance(value, list) else [value]
    elif ending in _LINES:
        for number, line in enumerate(file, 1):
            content = _without_mark(line) if number == 1 else line
            if content.strip():
                yield _json(content, f"line {number}")
    else:
        yield text_article(file.read())


def is_text(name: str) -> bool:
    """Whether a file of this name is read as text, which names no URL and no id."""
    return _ending(name) not in _LINES | {_JSON}


def _ending(name: str) -> str:
    return name.lower().rpartition(".")[2]


def text_article(content: bytes) -> dict[str, Any]:
    """Title, body and, where a line `| Source: CODE` follows the headline, the source of a text."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"not UTF-8 text: {error.reason} at byte {error.start}") from error
    lines = [line for raw in text.splitlines() if (line := raw.strip())]
    if lines and _PAGE_FOOT.fullmatch(lines[-1]):
        lines.pop()
    marked = _source_line(lines)
    title, *paragraphs = lines[marked - 1 : marked] + lines[marked + 1 :] if marked else lines or [""]
    if not title or not paragraphs:
        raise UnreadableFile("plain text needs a headline, and a body below it")
    article: dict[str, Any] = {"title": title, "body": "\n".join(paragraphs)}
    source = _SOURCE_LINE.fullmatch(lines[marked]) if marked else None
    return article | ({"source": source["source"]} if source else {})


def _source_line(lines: Sequence[str]) -> int:
    """The place of `| Source: CODE` below a headline; 0 for none."""
    return next(
        (place for place, line in enumerate(lines[:_HEAD_LINES]) if place and _SOURCE_LINE.fullmatch(line)), 0
    )


def _without_mark(content: bytes) -> bytes:
    return content.removeprefix(codecs.BOM_UTF8)


def _json(content: bytes, what: str) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise UnreadableFile(f"{what} is not JSON: {error}") from error

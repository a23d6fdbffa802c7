"""Articles in a file: JSON (one or a list), NDJSON, or plain text with a headline."""

from __future__ import annotations

import re
from typing import Any

import orjson

# The page of a reader's site as text: site name, headline, "| Source: CODE", paragraphs, "View JSON | Print".
_SOURCE_LINE = re.compile(r"^\|?\s*Source:\s*(?P<source>[A-Za-z0-9][A-Za-z0-9._:-]*)\s*$")
_PAGE_FOOT = re.compile(r"\s*^\s*View JSON\s*\|\s*Print\s*$\s*\Z", re.MULTILINE)


class UnreadableFile(ValueError):
    """The file holds no articles in a form that is known here."""


def read_articles(content: bytes, name: str) -> list[Any]:
    """The articles of a file by its name's ending: .json, .ndjson or .jsonl, else plain text."""
    ending = name.lower().rpartition(".")[2]
    if ending == "json":
        value = _json(content, "the file")
        return value if isinstance(value, list) else [value]
    if ending in {"ndjson", "jsonl"}:
        lines = enumerate(content.splitlines(), 1)
        return [_json(line, f"line {number}") for number, line in lines if line.strip()]
    return [text_article(content)]


def text_article(content: bytes) -> dict[str, Any]:
    """Title, body and, where a line `| Source: CODE` follows the headline, the source of a text."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"not UTF-8 text: {error}") from error
    lines = [line.strip() for line in _PAGE_FOOT.sub("", text).splitlines()]
    marked = next((place for place, line in enumerate(lines) if _SOURCE_LINE.match(line)), None)
    source = _SOURCE_LINE.match(lines[marked]) if marked is not None else None
    before = [line for line in lines[:marked] if line] if source else []
    after = [line for line in lines[(marked + 1 if marked is not None else 0) :] if line]
    title = before[-1] if before else (after.pop(0) if after else "")
    if not title or not after:
        raise UnreadableFile("plain text needs a headline, and a body below it")
    article: dict[str, Any] = {"title": title, "body": "\n".join(after)}
    return article | ({"source": source["source"]} if source else {})


def _json(content: bytes, what: str) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise UnreadableFile(f"{what} is not JSON: {error}") from error

"""Files of lines: JSON articles, or URLs."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import IO

import orjson

from warta_ingest.backfill.item import Address, Article, Item, Refused

LINE_BYTES_MAX = 16_000_000


def json_lines(file: IO[bytes]) -> Iterator[Item]:
    """One JSON object a line; empty lines are none."""
    for number, line in _lines(file):
        yield Item(f"line {number}", _article(line))


def url_lines(file: IO[bytes]) -> Iterator[Item]:
    """One URL a line; empty lines and those that begin with # are none."""
    for number, line in _lines(file):
        if line.startswith(b"#"):
            continue
        try:
            url = line.decode()
            yield Item(url[:2_000], Address(url) if len(url) <= 2_000 else Refused("bad-url", "too long"))
        except UnicodeDecodeError:
            yield Item(f"line {number}", Refused("not-utf-8"))


def _lines(file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Lines without their ends; of one that is too long, its beginning, which is more than any article."""
    number = 0
    while line := file.readline(LINE_BYTES_MAX):
        number += 1
        rest = line
        while len(rest) == LINE_BYTES_MAX and not rest.endswith(b"\n"):
            rest = file.readline(LINE_BYTES_MAX)
        if number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)
        if line := line.strip():
            yield number, line


def _article(line: bytes) -> Article | Refused:
    if len(line) >= LINE_BYTES_MAX - 1:
        return Refused("too-large", f"a line of more than {LINE_BYTES_MAX:,} bytes")
    try:
        return Article(orjson.loads(line))
    except orjson.JSONDecodeError as error:
        return Refused("not-json", str(error)[:200])

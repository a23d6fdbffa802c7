"""What a file holds, one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Article:
    """An article as the push API takes it."""

    fields: Any


@dataclass(frozen=True, slots=True)
class Address:
    """A page that is still to be fetched, by the ingest service."""

    url: str


@dataclass(frozen=True, slots=True)
class Copy:
    """A page as it was fetched once. `url` is '' where only the page itself can tell it.

    `source`, `feed` and `country` are what an archive of ours knows of it.
    """

    url: str
    body: bytes
    content_type: str | None = None
    source: str = ""
    feed: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """What cannot become an article; `reason` is a label, `detail` is for people."""

    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """`name` says what it is to people: a URL, a line's or record's number, a file's name."""

    name: str
    content: Article | Address | Copy | Refused


class Damaged(Exception):
    """The rest of the input cannot be read."""

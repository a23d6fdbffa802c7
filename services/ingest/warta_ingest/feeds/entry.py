"""What a feed says, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry. `title`, `summary` and names are plain text; `content_html` is the feed's own markup.

    `link` is absolute, None when the entry has none; instants are aware UTC.
    """

    link: str | None
    id: str | None
    title: str
    summary: str = ""
    content_html: str | None = None
    published: datetime | None = None
    updated: datetime | None = None
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    image_url: str | None = None


@dataclass(frozen=True, slots=True)
class Child:
    """A sitemap that an index names, and when it says that one changed."""

    url: str
    changed: datetime | None = None


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed as it was read.

    `format`: rss-0.9x, rss-1.0, rss-2.0, atom-0.3, atom-1.0, json-1, google-alerts, sitemap, news-sitemap,
    sitemap-index or unknown. `damaged`: the
    bytes broke the rules of the format and what could be saved was. `ttl`: seconds the feed asks to be left
    alone, None when it does not say. `skip_hours` (GMT) and `skip_days` (Monday = 0): when it brings nothing.
    `children`: the sitemaps of an index.
    """

    title: str
    format: str
    entries: tuple[FeedEntry, ...]
    language: str | None = None
    ttl: int | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    next_url: str | None = None
    children: tuple[Child, ...] = ()
    damaged: bool = False
    cut: bool = False

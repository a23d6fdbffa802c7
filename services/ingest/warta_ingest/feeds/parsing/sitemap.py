"""Sitemaps (https://www.sitemaps.org/protocol.html), with Google's news extension, and indexes of them."""

from __future__ import annotations

import re

from lxml.etree import _Element as Element

from warta_ingest.feeds.entry import Child, FeedEntry, ParsedFeed
from warta_ingest.feeds.parsing.links import joined
from warta_ingest.feeds.parsing.xml_elements import children, local_name, text_of
from warta_ingest.text.instants import read_time
from warta_ingest.text.plain import plain
from warta_shared.events.fields import NAME_MAX, TITLE_MAX

CHILDREN_MAX = 5_000
KEYWORDS_MAX = 50
ROOTS = frozenset({"urlset", "sitemapindex"})
_URL_LINE = re.compile(r"https?://\S{3,2040}")


def read_sitemap(
    root: Element, url: str, most: int, country: str | None = None, *, damaged: bool = False
) -> ParsedFeed:
    """The sitemap or index in an XML document; `most` entries, the newest first where it is longer."""
    if local_name(root) == "sitemapindex":
        found = (_child(child, url, country) for child in children(root, "sitemap"))
        return ParsedFeed(
            "", "sitemap-index", (), children=tuple(filter(None, found))[:CHILDREN_MAX], damaged=damaged
        )
    urls = list(children(root, "url"))
    entries = [entry for element in urls if (entry := _entry(element, url, country))]
    if len(entries) > most:
        # One order for all: sitemaps have the newest at either end.
        entries.sort(key=_instant_text, reverse=True)
    is_news = any(True for element in urls[:100] for _ in children(element, "news"))
    kind = "news-sitemap" if is_news else "sitemap"
    language = next((name for element in urls[:1] if (name := _language(element))), None)
    return ParsedFeed("", kind, tuple(entries[:most]), language, damaged=damaged, cut=len(entries) > most)


def read_text_sitemap(text: str, most: int) -> ParsedFeed | None:
    """A sitemap of one URL a line; None when a line is something else, or there is but one."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) < 2 or not all(_URL_LINE.fullmatch(line) for line in lines):
        return None
    entries = tuple(FeedEntry(link=line, id=None, title="") for line in lines[:most])
    return ParsedFeed("", "sitemap", entries, cut=len(lines) > most)


def _child(element: Element, url: str, country: str | None) -> Child | None:
    link = joined(url, text_of(element, "loc"))
    changed = read_time(text_of(element, "lastmod") or "", country)
    return Child(link, changed.at if changed else None) if link else None


def _entry(element: Element, url: str, country: str | None) -> FeedEntry | None:
    link = joined(url, text_of(element, "loc"))
    if not link:
        return None
    news = next(children(element, "news"), None)
    published = read_time(text_of(news, "publication_date") or "", country) if news is not None else None
    changed = read_time(text_of(element, "lastmod") or "", country)
    keywords = (text_of(news, "keywords") or "").split(",") if news is not None else []
    image = next(children(element, "image"), None)
    return FeedEntry(
        link=link,
        id=None,
        title=plain(text_of(news, "title"), TITLE_MAX) if news is not None else "",
        published=published.at if published else None,
        updated=changed.at if changed else None,
        categories=tuple(dict.fromkeys(name for word in keywords if (name := plain(word, NAME_MAX))))[
            :KEYWORDS_MAX
        ],
        image_url=joined(url, text_of(image, "loc")) if image is not None else None,
    )


def _instant_text(entry: FeedEntry) -> str:
    instant = entry.published or entry.updated
    return instant.isoformat() if instant else ""


def _language(element: Element) -> str | None:
    for news in children(element, "news"):
        for publication in children(news, "publication"):
            return (text_of(publication, "language") or "").strip()[:35] or None
    return None

"""Bytes in, feed out: JSON by its first character, else XML; a damaged one by both readers, the larger wins."""

from __future__ import annotations

from dataclasses import replace

from warta_ingest.feeds.entry import FeedEntry, ParsedFeed
from warta_ingest.feeds.parsing.fallback import read_loosely
from warta_ingest.feeds.parsing.google import unwrapped, without_publisher
from warta_ingest.feeds.parsing.json_feed import read_json
from warta_ingest.feeds.parsing.sitemap import read_text_sitemap
from warta_ingest.feeds.parsing.unpacked import TooLarge, unpacked
from warta_ingest.feeds.parsing.xml_reader import ENTRIES_MAX, read_xml
from warta_ingest.feeds.parsing.xml_text import xml_text
from warta_ingest.text.charset import decode_text


class NotAFeed(Exception):
    """The bytes are no feed; `reason` is `not-a-feed`, `empty` or `too-large`."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


def parse_feed(
    body: bytes, url: str, content_type: str | None = None, country: str | None = None
) -> ParsedFeed:
    """The feed at `url`, links absolute and unwrapped; raises NotAFeed.

    RSS 0.9x, 1.0, 2.0, Atom 0.3, 1.0, JSON Feed 1.0, 1.1, Google Alerts, sitemaps and their indexes (also
    gzip files); at most 2,000 entries. `country` gives times without a zone theirs.
    """
    try:
        text = decode_text(unpacked(body), content_type).lstrip()
    except TooLarge as error:
        raise NotAFeed("too-large", str(error)) from error
    if not text:
        raise NotAFeed("empty", "the server sent nothing")
    feed = _read(text, url, country)
    if feed is None:
        raise NotAFeed("not-a-feed", f"it begins with {text[:60]!r}")
    return _without_google(feed)


def _read(text: str, url: str, country: str | None) -> ParsedFeed | None:
    if text[0] in "{[":
        return read_json(text, url, country)
    return read_text_sitemap(text, ENTRIES_MAX) or _read_xml(xml_text(text), url, country)


def _read_xml(text: str, url: str, country: str | None) -> ParsedFeed | None:
    strict = read_xml(text, url, country)
    if strict and "sitemap" in strict.format:
        return strict
    if strict and strict.entries and not strict.damaged:
        return strict
    loose = read_loosely(text, url, country)
    if loose and len(loose.entries) > len(strict.entries if strict else ()):
        return loose
    return strict


def _without_google(feed: ParsedFeed) -> ParsedFeed:
    targets = [unwrapped(entry.link) if entry.link else None for entry in feed.entries]
    if not any(targets):
        return feed
    entries = tuple(_aimed(entry, target) for entry, target in zip(feed.entries, targets, strict=True))
    return replace(feed, format="google-alerts", entries=entries)


def _aimed(entry: FeedEntry, target: str | None) -> FeedEntry:
    return replace(entry, link=target, title=without_publisher(entry.title)) if target else entry

"""Bytes in, feed out: JSON by its first character, else XML; a damaged one by both readers, the larger wins."""

from __future__ import annotations

from dataclasses import replace

from warta_ingest.feeds.entry import FeedEntry, ParsedFeed
from warta_ingest.feeds.parsing.fallback import read_loosely
from warta_ingest.feeds.parsing.google import unwrapped, without_publisher
from warta_ingest.feeds.parsing.json_feed import read_json
from warta_ingest.feeds.parsing.xml_reader import read_xml
from warta_ingest.feeds.parsing.xml_text import xml_text
from warta_ingest.text.charset import decode_text


class NotAFeed(Exception):
    """The bytes are no feed; `reason` is `not-a-feed` or `empty`."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


def parse_feed(body: bytes, url: str, content_type: str | None = None) -> ParsedFeed:
    """The feed at `url`, links absolute and unwrapped; raises NotAFeed.

    RSS 0.9x, 1.0, 2.0, Atom 0.3, 1.0, JSON Feed 1.0, 1.1, Google Alerts; at most 2,000 entries.
    """
    text = decode_text(body, content_type).lstrip()
    if not text:
        raise NotAFeed("empty", "the server sent nothing")
    feed = read_json(text, url) if text[0] in "{[" else _read_xml(xml_text(text), url)
    if feed is None:
        raise NotAFeed("not-a-feed", f"it begins with {text[:60]!r}")
    return _without_google(feed)


def _read_xml(text: str, url: str) -> ParsedFeed | None:
    strict = read_xml(text, url)
    if strict and strict.entries and not strict.damaged:
        return strict
    loose = read_loosely(text, url)
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

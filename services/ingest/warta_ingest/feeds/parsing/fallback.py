"""feedparser, for damaged feeds: it saves entries that a recovering XML parser loses, and the other way round."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import feedparser

from warta_ingest.feeds.entry import FeedEntry, ParsedFeed
from warta_ingest.feeds.parsing.links import joined
from warta_ingest.feeds.parsing.rhythm import update_period
from warta_ingest.feeds.parsing.xml_reader import ENTRIES_MAX, IDENTITY_MAX, LANGUAGE_MAX, NAMES_MAX
from warta_ingest.text.instants import read_time
from warta_ingest.text.plain import plain
from warta_shared.events.fields import NAME_MAX, SUMMARY_MAX, TITLE_MAX

_FORMATS = {
    "rss20": "rss-2.0", "rss09": "rss-0.9x", "rss10": "rss-1.0", "rss": "rss-2.0", "atom0": "atom-0.3",
    "atom1": "atom-1.0", "atom": "atom-1.0",
}  # fmt: skip
_LONGEST = 3_000_000
_MOST_TAGS = 150_000
_LONGEST_TAG = re.compile(r"<[^<>]{30000}")


def read_loosely(text: str, url: str, country: str | None = None) -> ParsedFeed | None:
    """What feedparser makes of it; None where it finds no entry, or where it would need too long."""
    if len(text) > _LONGEST or text.count("<") > _MOST_TAGS or _LONGEST_TAG.search(text):
        return None
    found = _parsed(text)
    if found is None or not found.entries:
        return None
    head = found.feed
    return ParsedFeed(
        title=plain(head.get("title"), TITLE_MAX),
        format=_FORMATS.get(str(found.get("version"))[:5], "unknown"),
        entries=tuple(_entry(entry, url, country) for entry in found.entries[:ENTRIES_MAX]),
        language=plain(head.get("language"), LANGUAGE_MAX) or None,
        ttl=update_period(head.get("ttl"), head.get("sy_updateperiod"), head.get("sy_updatefrequency")),
        damaged=True,
        cut=len(found.entries) > ENTRIES_MAX,
    )


def _parsed(text: str) -> Any:
    """feedparser's result; None where it breaks: KeyError, ValueError and more come out of its handlers."""
    try:
        # BytesIO: given bytes or text that look like a path or URL, feedparser would open that.
        return feedparser.parse(
            io.BytesIO(text.encode("utf-8", "replace")), sanitize_html=False, resolve_relative_uris=False
        )
    except Exception:  # what the other reader found counts then
        return None


def _entry(entry: Any, base: str, country: str | None) -> FeedEntry:
    content = next((part.get("value") for part in entry.get("content", ()) if part.get("value")), None)
    return FeedEntry(
        link=joined(base, entry.get("link")),
        id=(entry.get("id") or "")[:IDENTITY_MAX] or None,
        title=plain(entry.get("title"), TITLE_MAX),
        summary=plain(entry.get("summary") or content, SUMMARY_MAX),
        content_html=content,
        published=_instant(entry.get("published"), country),
        updated=_instant(entry["updated"], country) if "updated" in entry else None,
        authors=_names(person.get("name") for person in entry.get("authors", ())),
        categories=_names(tag.get("term") for tag in entry.get("tags", ())),
    )


def _names(found: Iterable[str | None]) -> tuple[str, ...]:
    names = dict.fromkeys(plain(name, NAME_MAX) for name in found)
    return tuple(name for name in names if name)[:NAMES_MAX]


def _instant(written: str | None, country: str | None) -> datetime | None:
    found = read_time(written or "", country)
    return found.at if found else None

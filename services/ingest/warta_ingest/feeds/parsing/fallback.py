"""feedparser, for damaged feeds: it saves entries that a recovering XML parser loses, and the other way round."""

from __future__ import annotations

import io
from calendar import timegm
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

import feedparser

from warta_ingest.feeds.entry import FeedEntry, ParsedFeed
from warta_ingest.feeds.parsing.plain import plain
from warta_ingest.feeds.parsing.rhythm import update_period
from warta_ingest.feeds.parsing.xml_reader import ENTRIES_MAX
from warta_shared.events.fields import SUMMARY_MAX, TITLE_MAX


def read_loosely(text: str, url: str) -> ParsedFeed | None:
    """What feedparser makes of it; None where it finds no entry."""
    # BytesIO: given bytes or text that look like a path or URL, feedparser would open that.
    found = feedparser.parse(
        io.BytesIO(text.encode("utf-8", "replace")), sanitize_html=False, resolve_relative_uris=False
    )
    if not found.entries:
        return None
    head = found.feed
    return ParsedFeed(
        title=plain(head.get("title"), TITLE_MAX),
        format=found.get("version") or "unknown",
        entries=tuple(_entry(entry, url) for entry in found.entries[:ENTRIES_MAX]),
        language=head.get("language"),
        ttl=update_period(head.get("ttl"), head.get("sy_updateperiod"), head.get("sy_updatefrequency")),
        damaged=True,
        cut=len(found.entries) > ENTRIES_MAX,
    )


def _entry(entry: Any, base: str) -> FeedEntry:
    content = next((part.get("value") for part in entry.get("content", ()) if part.get("value")), None)
    link = entry.get("link")
    return FeedEntry(
        link=urljoin(base, link) if link else None,
        id=entry.get("id"),
        title=plain(entry.get("title"), TITLE_MAX),
        summary=plain(entry.get("summary") or content, SUMMARY_MAX),
        content_html=content,
        published=_instant(entry.get("published_parsed")),
        updated=_instant(entry["updated_parsed"]) if "updated_parsed" in entry else None,
        authors=tuple(
            name for person in entry.get("authors", ()) if (name := plain(person.get("name"), 300))
        ),
        categories=tuple(term for tag in entry.get("tags", ()) if (term := plain(tag.get("term"), 300))),
    )


def _instant(parsed: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(timegm(parsed), UTC) if parsed else None
    except (ValueError, TypeError, OverflowError, OSError):
        return None

"""JSON Feed 1.0 and 1.1 (https://jsonfeed.org/version/1.1)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

import orjson

from warta_ingest.feeds.entry import FeedEntry, ParsedFeed
from warta_ingest.feeds.parsing.instants import instant
from warta_ingest.feeds.parsing.plain import plain
from warta_ingest.feeds.parsing.xml_reader import ENTRIES_MAX
from warta_shared.events.fields import SUMMARY_MAX, TITLE_MAX


def read_json(body: bytes, url: str) -> ParsedFeed | None:
    """The feed; None where there is none."""
    try:
        feed = orjson.loads(body.removeprefix(b"\xef\xbb\xbf").strip())
    except orjson.JSONDecodeError:
        return None
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        return None
    items = [item for item in feed["items"] if isinstance(item, dict)]
    return ParsedFeed(
        title=plain(_string(feed, "title"), TITLE_MAX),
        format="json-1",
        entries=tuple(_entry(item, url) for item in items[:ENTRIES_MAX]),
        language=_string(feed, "language") or None,
        next_url=_string(feed, "next_url") or None,
        damaged=len(items) < len(feed["items"]),
        cut=len(items) > ENTRIES_MAX,
    )


def _entry(item: dict[str, Any], base: str) -> FeedEntry:
    html, text = _string(item, "content_html"), _string(item, "content_text")
    link = _string(item, "url") or _string(item, "external_url")
    identity = _string(item, "id")
    if not link and identity.startswith(("http://", "https://")):
        link = identity
    return FeedEntry(
        link=urljoin(base, link) if link else None,
        id=identity or None,
        title=plain(_string(item, "title"), TITLE_MAX),
        summary=plain(_string(item, "summary") or html or text, SUMMARY_MAX),
        content_html=html or text or None,
        published=instant(_string(item, "date_published")),
        updated=instant(_string(item, "date_modified")),
        authors=tuple(_authors(item)),
        categories=tuple(
            plain(tag, 300) for tag in _list(item, "tags") if isinstance(tag, str) and tag.strip()
        ),
        image_url=_string(item, "image") or _string(item, "banner_image") or None,
    )


def _authors(item: dict[str, Any]) -> list[str]:
    single = item.get("author")  # 1.0 has one, 1.1 a list
    people = _list(item, "authors") + ([single] if isinstance(single, dict) else [])
    names = [plain(_string(person, "name"), 300) for person in people if isinstance(person, dict)]
    return [name for name in names if name]


def _string(item: dict[str, Any], name: str) -> str:
    value = item.get(name)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _list(item: dict[str, Any], name: str) -> list[Any]:
    value = item.get(name)
    return value if isinstance(value, list) else []

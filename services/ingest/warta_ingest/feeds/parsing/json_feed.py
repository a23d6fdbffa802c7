"""JSON Feed 1.0 and 1.1 (https://jsonfeed.org/version/1.1)."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import orjson

from warta_ingest.feeds.entry import FeedEntry, ParsedFeed
from warta_ingest.feeds.parsing.links import joined
from warta_ingest.feeds.parsing.xml_reader import ENTRIES_MAX, IDENTITY_MAX, LANGUAGE_MAX, NAMES_MAX
from warta_ingest.text.instants import read_time
from warta_ingest.text.plain import plain
from warta_shared.events.fields import SUMMARY_MAX, TITLE_MAX


def read_json(text: str, url: str, country: str | None = None) -> ParsedFeed | None:
    """The feed; None where there is none."""
    feed = _loaded(text)
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        return None
    items = [item for item in feed["items"] if isinstance(item, dict)]
    return ParsedFeed(
        title=plain(_string(feed, "title"), TITLE_MAX),
        format="json-1",
        entries=tuple(_entry(item, url, country) for item in items[:ENTRIES_MAX]),
        language=plain(_string(feed, "language"), LANGUAGE_MAX) or None,
        next_url=joined(url, _string(feed, "next_url")),
        damaged=len(items) < len(feed["items"]),
        cut=len(items) > ENTRIES_MAX,
    )


def _loaded(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        pass
    try:
        return json.loads(text, strict=False)  # also halves of surrogate pairs, which are dropped later
    except (ValueError, RecursionError):
        return None


def _entry(item: dict[str, Any], base: str, country: str | None) -> FeedEntry:
    html, text = _string(item, "content_html"), _string(item, "content_text")
    link = _string(item, "url") or _string(item, "external_url")
    identity = _string(item, "id")
    if not link and identity.startswith(("http://", "https://")):
        link = identity
    return FeedEntry(
        link=joined(base, link),
        id=identity[:IDENTITY_MAX] or None,
        title=plain(_string(item, "title"), TITLE_MAX),
        summary=plain(_string(item, "summary") or html or text, SUMMARY_MAX),
        content_html=html or text or None,
        published=_instant(item, "date_published", country),
        updated=_instant(item, "date_modified", country),
        authors=tuple(dict.fromkeys(_authors(item)))[:NAMES_MAX],
        categories=tuple(_tags(item))[:NAMES_MAX],
        image_url=joined(base, _string(item, "image") or _string(item, "banner_image")),
    )


def _authors(item: dict[str, Any]) -> list[str]:
    single = item.get("author")  # 1.0 has one, 1.1 a list
    people = _list(item, "authors") + ([single] if isinstance(single, dict) else [])
    names = [plain(_string(person, "name"), 300) for person in people if isinstance(person, dict)]
    return [name for name in names if name]


def _tags(item: dict[str, Any]) -> list[str]:
    tags = (plain(tag, 300) for tag in _list(item, "tags") if isinstance(tag, str))
    return [tag for tag in dict.fromkeys(tags) if tag]


def _instant(item: dict[str, Any], name: str, country: str | None) -> datetime | None:
    found = read_time(_string(item, name), country)
    return found.at if found else None


def _string(item: dict[str, Any], name: str) -> str:
    value = item.get(name)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _list(item: dict[str, Any], name: str) -> list[Any]:
    value = item.get(name)
    return value if isinstance(value, list) else []

"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/) with the whole text of every article."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from typing import Any

from warta_local.newsroom.article import NewsArticle
from warta_local.newsroom.feed_entry import FeedEntry
from warta_local.newsroom.feeds import FeedSpec
from warta_local.newsroom.outlets import OUTLETS


def json_feed(spec: FeedSpec, entries: Sequence[FeedEntry], base: str) -> bytes:
    """The feed as UTF-8 JSON."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": spec.title,
        "home_page_url": f"{base}/",
        "feed_url": base + spec.path,
        "items": [_item(entry, base) for entry in entries],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _item(entry: FeedEntry, base: str) -> dict[str, Any]:
    article = entry.article
    item: dict[str, Any] = {
        "id": base + article.path,
        "url": entry.url,
        "title": article.title,
        "content_html": _html(article),
        "image": base + article.image_path,
        "authors": [{"name": name} for name in article.authors],
        "tags": [article.section],
        "language": OUTLETS[article.outlet].language,
    }
    dates = {"date_published": article.published, "date_modified": entry.updated}
    return item | {name: when.isoformat() for name, when in dates.items() if when}


def _html(article: NewsArticle) -> str:
    return "".join(f"<p>{escape(text, quote=False)}</p>" for text in article.paragraphs)

"""Atom (RFC 4287), and the peculiar Atom of Google Alerts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from html import escape
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

from warta_local.newsroom.article import NewsArticle
from warta_local.newsroom.feed_entry import FeedEntry, last_change
from warta_local.newsroom.feeds import FeedSpec
from warta_local.newsroom.outlets import OUTLETS
from warta_local.newsroom.xml_document import serialised, text_child

_XMLNS = "http://www.w3.org/2005/Atom"
_ALERT_WORDS = re.compile(r"\b(UMKM|MSMEs|Koperasi|Warung|Exporters)\b")
_ALERT_ID = "tag:google.com,2005:reader/user/00000000000000000042/state/com.google/alerts/42"


def atom(spec: FeedSpec, entries: Sequence[FeedEntry], base: str) -> bytes:
    """An outlet's Atom feed; an edited article keeps its id and gets a new title and `updated`."""
    root = ET.Element("feed", xmlns=_XMLNS)
    text_child(root, "id", base + spec.path)
    text_child(root, "title", spec.title)
    text_child(root, "updated", _rfc3339(last_change(entries)))
    ET.SubElement(root, "link", rel="self", href=base + spec.path)
    for entry in entries:
        article = entry.article
        item = ET.SubElement(root, "entry")
        text_child(item, "id", f"tag:{OUTLETS[article.outlet].domain},2026:{article.slug}")
        text_child(item, "title", article.title)
        ET.SubElement(item, "link", rel="alternate", type="text/html", href=entry.url)
        _dates(item, article.published, entry.updated)
        for name in article.authors:
            text_child(ET.SubElement(item, "author"), "name", name)
        ET.SubElement(item, "category", term=article.section)
        text_child(item, "summary", f"<p>{escape(article.summary, quote=False)}</p>", type="html")
    return serialised(root)


def google_alerts(spec: FeedSpec, entries: Sequence[FeedEntry], polls: int) -> bytes:
    """An alert's feed: HTML in titles, the publisher behind a dash, links through google.com/url.

    `polls` counts the fetches of this feed: link and id of every entry are other ones at each fetch.
    """
    root = ET.Element("feed", {"xmlns": _XMLNS, "xmlns:idx": "urn:atom-extension:indexing"})
    text_child(root, "id", _ALERT_ID)
    text_child(root, "title", spec.title)
    text_child(root, "updated", _rfc3339(last_change(entries)))
    for entry in entries:
        item = ET.SubElement(root, "entry")
        token = sha256(f"{entry.article.slug} {polls}".encode()).hexdigest()
        text_child(item, "id", f"tag:google.com,2013:googlealerts/feed:{int(token[:15], 16)}")
        text_child(item, "title", _alert_title(entry.article), type="html")
        ET.SubElement(item, "link", href=_alert_link(entry.url, token))
        _dates(item, entry.updated, entry.updated)
        text_child(item, "content", _highlighted(entry.article.summary[:150]) + "&nbsp;...", type="html")
        text_child(ET.SubElement(item, "author"), "name", "")
    return serialised(root)


def _alert_title(article: NewsArticle) -> str:
    return f"{_highlighted(article.title)} - {OUTLETS[article.outlet].name}"


def _highlighted(text: str) -> str:
    return _ALERT_WORDS.sub(r"<b>\1</b>", escape(text))


def _alert_link(target: str, token: str) -> str:
    query = {"rct": "j", "sa": "t", "url": target, "ct": "ga", "cd": f"CAIy{token[:32]}", "usg": token[32:56]}
    return "https://www.google.com/url?" + urlencode(query, safe=":/")


def _dates(item: ET.Element, published: datetime | None, updated: datetime | None) -> None:
    for tag, when in {"published": published, "updated": updated}.items():
        if when:
            text_child(item, tag, _rfc3339(when))


def _rfc3339(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

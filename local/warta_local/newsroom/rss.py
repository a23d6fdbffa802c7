"""RSS 2.0, 1.0 (RDF) and 0.91, written as such feeds are found."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import format_datetime
from html import escape
from xml.etree import ElementTree as ET

from warta_local.newsroom.feed_entry import FeedEntry, last_change
from warta_local.newsroom.feeds import FeedSpec
from warta_local.newsroom.xml_document import serialised, text_child

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RSS_1 = "http://purl.org/rss/1.0/"
_DC = "http://purl.org/dc/elements/1.1/"
_ATOM = "http://www.w3.org/2005/Atom"
for _prefix, _uri in {"rdf": _RDF, "dc": _DC, "atom": _ATOM}.items():
    ET.register_namespace(_prefix, _uri)


def rss_2(spec: FeedSpec, entries: Sequence[FeedEntry], base: str) -> bytes:
    """RSS 2.0 (https://www.rssboard.org/rss-specification) with HTML descriptions and dc:creator."""
    root = ET.Element("rss", version="2.0")
    channel = _channel(root, spec, base)
    ET.SubElement(channel, f"{{{_ATOM}}}link", rel="self", href=base + spec.path)
    text_child(channel, "lastBuildDate", format_datetime(last_change(entries)))
    for entry in entries:
        article = entry.article
        item = ET.SubElement(channel, "item")
        text_child(item, "title", article.title)
        text_child(item, "link", entry.url)
        text_child(item, "guid", f"{spec.id}-{article.slug}", isPermaLink="false")
        picture = f'<img src="{escape(base + article.image_path)}">'
        text_child(item, "description", f"{picture} {escape(article.summary, quote=False)}")
        text_child(item, "category", article.section)
        for author in article.authors:
            text_child(item, f"{{{_DC}}}creator", author)
        if entry.updated:
            text_child(item, "pubDate", format_datetime(entry.updated))
    return serialised(root)


def rss_091(spec: FeedSpec, entries: Sequence[FeedEntry], base: str) -> bytes:
    """RSS 0.91 in ISO-8859-1: items have a title, a link and a description, and never a date."""
    root = ET.Element("rss", version="0.91")
    channel = _channel(root, spec, base)
    for entry in entries:
        item = ET.SubElement(channel, "item")
        text_child(item, "title", entry.article.title)
        text_child(item, "link", entry.url)
        text_child(item, "description", entry.article.summary)
    return serialised(root, "iso-8859-1")


def rdf(spec: FeedSpec, entries: Sequence[FeedEntry], base: str) -> bytes:
    """RSS 1.0 (https://web.resource.org/rss/1.0/spec): the items stand beside the channel."""
    root = ET.Element(f"{{{_RDF}}}RDF")
    channel = ET.SubElement(root, f"{{{_RSS_1}}}channel", {f"{{{_RDF}}}about": base + spec.path})
    for tag, text in {"title": spec.title, "link": f"{base}/", "description": spec.title}.items():
        text_child(channel, f"{{{_RSS_1}}}{tag}", text)
    order = ET.SubElement(ET.SubElement(channel, f"{{{_RSS_1}}}items"), f"{{{_RDF}}}Seq")
    for entry in entries:
        ET.SubElement(order, f"{{{_RDF}}}li", {f"{{{_RDF}}}resource": entry.url})
        item = ET.SubElement(root, f"{{{_RSS_1}}}item", {f"{{{_RDF}}}about": entry.url})
        text_child(item, f"{{{_RSS_1}}}title", entry.article.title)
        text_child(item, f"{{{_RSS_1}}}link", entry.url)
        text_child(item, f"{{{_RSS_1}}}description", entry.article.summary)
        text_child(item, f"{{{_DC}}}subject", entry.article.section)
        if entry.updated:
            text_child(item, f"{{{_DC}}}date", entry.updated.isoformat())
    return serialised(root)


def _channel(root: ET.Element, spec: FeedSpec, base: str) -> ET.Element:
    channel = ET.SubElement(root, "channel")
    text_child(channel, "title", spec.title)
    text_child(channel, "link", f"{base}/")
    text_child(channel, "description", f"{spec.title}: berita terbaru")
    text_child(channel, "language", "id")
    return channel

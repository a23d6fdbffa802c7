"""RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, sitemaps, by element names alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import lxml.etree
from lxml.etree import _Element as Element

from warta_ingest.feeds.entry import FeedEntry, ParsedFeed
from warta_ingest.feeds.parsing.links import joined
from warta_ingest.feeds.parsing.rhythm import skipped_days, skipped_hours, update_period
from warta_ingest.feeds.parsing.sitemap import ROOTS, read_sitemap
from warta_ingest.feeds.parsing.xml_elements import children, inner_text, local_name, text_of
from warta_ingest.text.instants import read_time
from warta_ingest.text.plain import plain
from warta_shared.events.fields import SUMMARY_MAX, TITLE_MAX

ENTRIES_MAX = 2_000
IDENTITY_MAX = 2_048
LANGUAGE_MAX = 35
NAMES_MAX = 50
_DEEPEST = 6
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_PICTURES = ("image/jpeg", "image/png", "image/webp", "image/gif", "image")


def read_xml(text: str, url: str, country: str | None = None) -> ParsedFeed | None:
    """The feed; None where there is none. `damaged` when the parser had to recover.

    `country` gives times without a zone theirs.
    """
    parser = lxml.etree.XMLParser(
        recover=True,
        no_network=True,
        resolve_entities=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = lxml.etree.fromstring(text.encode("utf-8", "replace"), parser)
    except lxml.etree.XMLSyntaxError:
        return None
    if root is not None and local_name(root) in ROOTS:
        return read_sitemap(root, url, ENTRIES_MAX, country, damaged=len(parser.error_log) > 0)
    if root is None or (kind := _format(root)) is None:
        return None
    found = list(_items(root))
    entries = tuple(_entry(item, _base(item, url), country) for item in found[:ENTRIES_MAX])
    head = next((child for child in root if local_name(child) == "channel"), root)
    return ParsedFeed(
        title=plain(text_of(head, "title"), TITLE_MAX),
        format=kind,
        entries=entries,
        language=plain(text_of(head, "language") or root.get(_XML_LANG), LANGUAGE_MAX) or None,
        ttl=update_period(
            text_of(head, "ttl"), text_of(head, "updatePeriod"), text_of(head, "updateFrequency")
        ),
        skip_hours=skipped_hours(_listed(head, "skipHours", "hour")),
        skip_days=skipped_days(_listed(head, "skipDays", "day")),
        next_url=_link(head, _base(head, url), ("next",)),
        damaged=len(parser.error_log) > 0,
        cut=len(found) > ENTRIES_MAX,
    )


def _listed(head: Element, name: str, item: str) -> list[str]:
    return [inner_text(part) for element in children(head, name) for part in children(element, item)][:100]


def _format(root: Element) -> str | None:
    name, version = local_name(root), root.get("version", "")
    if name == "rss":
        return "rss-0.9x" if version.startswith("0.9") else "rss-2.0"
    if name == "rdf":
        return "rss-1.0"
    if name == "feed":
        return "atom-0.3" if version == "0.3" or "purl.org/atom" in root.tag else "atom-1.0"
    return "unknown" if name == "channel" else None


def _items(root: Element) -> Iterator[Element]:
    """Items and entries that are not inside another one (an Atom entry may quote its source feed)."""
    waiting = [(root, 0)]
    while waiting:
        element, depth = waiting.pop()
        found = []
        for child in element:
            if local_name(child) in {"item", "entry"}:
                yield child
            elif depth < _DEEPEST:
                found.append((child, depth + 1))
        waiting.extend(reversed(found))


def _entry(item: Element, base: str, country: str | None) -> FeedEntry:
    body = _markup(item, ("encoded", "content", "body", "fulltext"))
    summary = _markup(item, ("description", "summary"))
    identity = (
        text_of(item, "guid")
        or text_of(item, "id")
        or item.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about")
    )
    original = text_of(item, "origLink")  # FeedBurner and Pheedo keep the publisher's link here
    return FeedEntry(
        link=joined(base, original) or _link(item, base, ("alternate", "")) or _permalink(item, identity),
        id=identity[:IDENTITY_MAX] if identity else None,
        title=plain(_markup(item, ("title",)), TITLE_MAX),
        summary=plain(summary or body, SUMMARY_MAX),
        content_html=body or None,
        published=_first_instant(item, ("pubDate", "published", "issued", "date", "created"), country),
        updated=_first_instant(item, ("updated", "modified"), country),
        authors=tuple(dict.fromkeys(_authors(item)))[:NAMES_MAX],
        categories=tuple(dict.fromkeys(_categories(item)))[:NAMES_MAX],
        image_url=_picture(item, base),
    )


def _base(element: Element, url: str) -> str:
    """What links in an element are relative to (XML Base): every enclosing xml:base, from the outside in."""
    chain = [element, *element.iterancestors()]
    for base in (enclosing.get(_XML_BASE) for enclosing in reversed(chain)):
        url = joined(url, base) or url
    return url


def _markup(item: Element, names: tuple[str, ...]) -> str:
    """The inner markup of the first child with one of these names: escaped, CDATA or XHTML."""
    for name in names:
        for child in children(item, name):
            inner = child.text or ""
            if len(child):
                inner += "".join(lxml.etree.tostring(part, encoding="unicode") for part in child)
            if inner.strip():
                return inner.strip()
    return ""


def _link(element: Element, base: str, relations: tuple[str, ...]) -> str | None:
    for child in children(element, "link"):
        target = child.get("href") or (inner_text(child).strip() if "" in relations else "")
        if target and child.get("rel", "") in relations and (link := joined(_base(child, base), target)):
            return link
    return None


def _permalink(item: Element, identity: str | None) -> str | None:
    guid = next(children(item, "guid"), None)
    is_link = guid is None or guid.get("isPermaLink", "true").lower() != "false"
    return identity if identity and is_link and identity.lower().startswith(("http://", "https://")) else None


def _first_instant(item: Element, names: tuple[str, ...], country: str | None) -> datetime | None:
    written = (read_time(text, country) for name in names if (text := text_of(item, name)))
    return next((found.at for found in written if found), None)


def _authors(item: Element) -> Iterator[str]:
    for child in item:
        if local_name(child) == "creator":
            yield from _named(plain(inner_text(child), 300))
        elif local_name(child) == "author":
            yield from _named(plain(text_of(child, "name") or (child.text or ""), 300))


def _named(author: str) -> Iterator[str]:
    """RSS writes `mail@host (Name)`."""
    name = author.partition("(")[2].rstrip(")") if "@" in author else author
    if name.strip():
        yield name.strip()


def _categories(item: Element) -> Iterator[str]:
    for child in item:
        if local_name(child) in {"category", "subject"}:
            label = child.get("label") or child.get("term") or inner_text(child)
            if category := plain(label, 300):
                yield category


def _picture(item: Element, base: str) -> str | None:
    for child in item.iter():
        kind = child.get("type") or child.get("medium") or ""
        target = child.get("url") or child.get("href") or ""
        is_picture = local_name(child) == "thumbnail" or (
            kind in _PICTURES
            and (local_name(child) in {"enclosure", "content"} or child.get("rel") == "enclosure")
        )
        if is_picture and target:
            return joined(base, target)
    return None

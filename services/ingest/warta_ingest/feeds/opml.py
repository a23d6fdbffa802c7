"""OPML 2.0 (http://opml.org/spec2.opml): feeds in from other readers, and out without loss.

What OPML has no word for stands in attributes of our own namespace; folders become tags.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from itertools import islice
from typing import Any

import lxml.etree
import orjson
from lxml.etree import _Element as Element
from pydantic import ValidationError

from warta_ingest.feeds.feed import Feed
from warta_ingest.feeds.naming import feed_id, source_code

BYTES_MAX = 20_000_000
OUTLINES_MAX = 100_000
DEEPEST = 20
NAMESPACE = "https://warta.news/opml"
_FIELDS = "feed"
_ATTRIBUTE = f"{{{NAMESPACE}}}{_FIELDS}"


class NotOpml(ValueError):
    """The bytes are no OPML document."""


@dataclass(frozen=True, slots=True)
class Refused:
    """An outline that names a feed we cannot take; `line` in the file, from 1."""

    line: int
    url: str
    reason: str


@dataclass(frozen=True, slots=True)
class Imported:
    """The feeds of a document, in its order, and what was refused."""

    feeds: tuple[Feed, ...]
    refused: tuple[Refused, ...]


def read_opml(content: bytes, taken: Set[str] = frozenset()) -> Imported:
    """The feeds of an OPML document; raises NotOpml. `taken`: ids that a new feed may not get."""
    root = _root(content)
    feeds: dict[str, Feed] = {}
    refused: list[Refused] = []
    urls: set[str] = set()
    for outline, folders in _outlines(root):
        url = (outline.get("xmlUrl") or "").strip()
        line = _line(outline)
        if url in urls:
            refused.append(Refused(line, url, "stands in the file twice"))
            continue
        urls.add(url)
        try:
            feed = _feed(outline, url, folders, {*feeds, *taken})
            feeds[feed.id] = feed
        except ValidationError as error:
            refused.append(Refused(line, url, _reason(error)))
    return Imported(tuple(feeds.values()), tuple(refused))


def write_opml(feeds: Iterable[Feed]) -> bytes:
    """The document; `read_opml` gives the same feeds back. Values of headers are not written: they may be secrets."""
    root = lxml.etree.Element("opml", version="2.0", nsmap={"warta": NAMESPACE})
    lxml.etree.SubElement(lxml.etree.SubElement(root, "head"), "title").text = "Feeds of Warta"
    body = lxml.etree.SubElement(root, "body")
    for feed in feeds:
        outline = lxml.etree.SubElement(
            body, "outline", type="rss", text=feed.name or feed.id, xmlUrl=feed.url
        )
        if feed.language:
            outline.set("language", feed.language)
        own = feed.model_dump(mode="json", exclude_defaults=True, exclude={"url", "headers"})
        outline.set(_ATTRIBUTE, orjson.dumps(own, option=orjson.OPT_SORT_KEYS).decode())
    document: bytes = lxml.etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return document


def _root(content: bytes) -> Element:
    if len(content) > BYTES_MAX:
        raise NotOpml(f"is larger than {BYTES_MAX:,} bytes")
    parser = lxml.etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )
    try:
        root = lxml.etree.fromstring(content, parser)
    except lxml.etree.XMLSyntaxError as error:
        raise NotOpml(f"is not XML: {error.msg}"[:200]) from error
    if root.tag != "opml" or root.find("body") is None:
        raise NotOpml("has no <opml> with a <body>")
    return root


def _outlines(root: Element) -> Iterator[tuple[Element, tuple[str, ...]]]:
    """Every outline with an address, in order, and the folders that it lies in, from the outside in."""
    named = (outline for outline in root.iter("outline") if outline.get("xmlUrl"))
    for outline in islice(named, OUTLINES_MAX):
        around = [
            folder.get("text") or folder.get("title") or "" for folder in outline.iterancestors("outline")
        ]
        if len(around) <= DEEPEST:
            yield outline, tuple(reversed(around))


def _feed(outline: Element, url: str, folders: tuple[str, ...], taken: Set[str]) -> Feed:
    own = _own_fields(outline)
    name = " ".join((outline.get("title") or outline.get("text") or "").split())[:300]
    tags = [tag for folder in folders if (tag := re.sub(r"[^A-Za-z0-9._-]+", "-", folder).strip("-._")[:100])]
    theirs = {"name": name or None, "language": _language(outline), "tags": tags}
    fields: dict[str, Any] = own or theirs
    fields["url"] = url
    fields.setdefault("id", feed_id(url, taken))
    fields.setdefault("source", source_code(url))
    return Feed.model_validate(fields)


def _line(outline: Element) -> int:
    line = outline.sourceline
    return line if isinstance(line, int) else 0


def _own_fields(outline: Element) -> dict[str, Any]:
    try:
        value = orjson.loads(outline.get(_ATTRIBUTE) or "{}")
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}


def _language(outline: Element) -> str | None:
    tag = (outline.get("language") or "").split("-")[0].lower()
    return tag if re.fullmatch(r"[a-z]{2,3}", tag) else None


def _reason(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    field = ".".join(map(str, first["loc"]))
    return f"{field}: {first['msg']}".removeprefix(": ")[:200]

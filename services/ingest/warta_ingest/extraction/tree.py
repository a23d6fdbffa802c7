"""Text of a page into a tree, within what a page may be: some markup exists to stall those who read it."""

from __future__ import annotations

import re

import lxml.html
from lxml.etree import LxmlError
from lxml.html import HtmlElement

from warta_ingest.extraction.page import NoText

ELEMENTS_MAX = 100_000
ATTRIBUTES_MAX = 1_000
_LONG_TAG = 20_000
_TAG = re.compile(r"<[a-zA-Z]")


def page_tree(text: str) -> HtmlElement:
    """The page as elements; raises NoText where it has none, or more than any article."""
    plain_tags = _without_long_tags(text)
    try:
        tree = lxml.html.document_fromstring(
            plain_tags.encode(), parser=lxml.html.HTMLParser(encoding="utf-8")
        )
    except (LxmlError, ValueError) as error:
        raise NoText("no HTML") from error
    if element_count(tree) > ELEMENTS_MAX:
        raise NoText(f"more than {ELEMENTS_MAX} elements")
    return tree


def element_count(tree: HtmlElement) -> int:
    """How many elements a tree has."""
    return int(tree.xpath("count(//*)"))


def _without_long_tags(text: str) -> str:
    """libxml2 compares each attribute with each: 200,000 of them in one tag take it minutes."""
    pieces = text.split(">")
    if max(map(len, pieces)) < _LONG_TAG:
        return text
    return ">".join(_shortened(piece) if len(piece) >= _LONG_TAG else piece for piece in pieces)


def _shortened(piece: str) -> str:
    """A piece of text that ends within a tag, without the tag's attributes if they are very many."""
    start = piece.rfind("<")
    tag = piece[start:] if start >= 0 else ""
    if not _TAG.match(tag) or len(tag.split(None, ATTRIBUTES_MAX)) <= ATTRIBUTES_MAX:
        return piece
    return piece[:start] + tag.split(None, 1)[0][:50]

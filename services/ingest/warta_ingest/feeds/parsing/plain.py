"""Markup into plain text, and text into what an event may hold."""

from __future__ import annotations

import re
from html import unescape

import lxml.etree
import lxml.html

_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_MARKUP = re.compile(r"<[A-Za-z/!]|&[#A-Za-z]")
_LONGEST = 200_000


def plain(markup: str | None, most: int) -> str:
    """The text of a fragment of HTML on one line, at most `most` characters."""
    text = (markup or "")[:_LONGEST]
    if _MARKUP.search(text):
        text = _text_of(text)
    return " ".join(_UNWANTED.sub("", text).split())[:most].strip()


def _text_of(markup: str) -> str:
    try:
        root = lxml.html.fragment_fromstring(markup, create_parent="div")
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError, ValueError):
        return unescape(re.sub(r"<[^<>]{0,2000}>", " ", markup))
    for element in root.xpath("//script|//style"):
        element.drop_tree()
    # A word may not run into the next paragraph's.
    for element in root.iter("p", "br", "div", "li", "td", "h1", "h2", "h3", "h4"):
        element.tail = f" {element.tail or ''}"
    return unescape(str(root.text_content()))

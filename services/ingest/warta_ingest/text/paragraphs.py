"""A fragment of HTML, as feeds carry it, into paragraphs of plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape

import lxml.html
from lxml.etree import LxmlError
from lxml.html import HtmlElement

from warta_ingest.text.plain import one_line, without_controls
from warta_shared.events.fields import BODY_MAX

_LONGEST = 3_000_000
_MARKUP = re.compile(r"<[A-Za-z/!]")
_UNSEEN = ("script", "style", "noscript", "template", "svg", "iframe", "form")
_BLOCKS = frozenset(
    ("p", "div", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "section",
     "article", "figure", "figcaption", "br", "hr", "pre", "dl", "dt", "dd")
)  # fmt: skip


def paragraphs_of(fragments: Sequence[str]) -> list[str]:
    """The text of each fragment, a paragraph a line; '' where there is none."""
    return [paragraphs(fragment) for fragment in fragments]


def paragraphs(fragment: str) -> str:
    """The text of one fragment, a paragraph a line."""
    text = without_controls(fragment[:_LONGEST])
    lines = _lines(text) if _MARKUP.search(text) else unescape(text).splitlines()
    kept = (one_line(line, BODY_MAX) for line in lines)
    return "\n".join(line for line in kept if line)[:BODY_MAX].strip()


def _lines(text: str) -> list[str]:
    try:
        root = lxml.html.fragment_fromstring(text, create_parent="div")
    except (LxmlError, ValueError):
        return re.sub(r"<[^<>]{0,2000}>", "\n", text).splitlines()
    for element in list(root.iter(*_UNSEEN)):
        element.drop_tree()
    return "".join(_pieces(root)).split("\n")


def _pieces(root: HtmlElement) -> Iterator[str]:
    """Text in reading order, line ends only where a block begins or ends."""
    waiting: list[HtmlElement | str] = [root]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            yield part
            continue
        edge = "\n" if part.tag in _BLOCKS else ""
        inner: list[HtmlElement | str] = [edge + _flat(part.text) if isinstance(part.tag, str) else ""]
        for child in part:
            inner += [child, _flat(child.tail)]
        waiting += reversed([*inner, edge])


def _flat(text: str | None) -> str:
    return " ".join((text or "").split("\n"))

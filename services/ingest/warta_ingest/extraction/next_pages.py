"""The other pages of an article that its site cut in pieces: `?page=2`, `/2`, `?page=all`, rel=next."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import parse_qsl, urljoin, urlsplit

from lxml.html import HtmlElement

from warta_ingest.sameness import BadUrlError, canonical_url

PAGES_MAX = 9
_NUMBERED = frozenset({"page", "halaman", "hal", "p", "pg", "paged", "pagenum", "page_num", "pageno"})
_WHOLE = frozenset({*_NUMBERED, "single", "showpage", "show", "view"})
_WHOLE_VALUES = frozenset({"all", "semua", "full", "single"})
# Said beside the page's number by Indonesian publishers; it chooses a layout, not an article.
_LAYOUTS = frozenset({"s"})
_MARKED = re.compile(r"page|hal|single|show|view|[?&]pg?=|/\d{1,2}/?(?:[?#]|$)", re.IGNORECASE)
_PATH_NUMBER = re.compile(r"/(?:(?:page|hal|halaman)[/-]?)?(\d{1,2})/?", re.IGNORECASE)
_ENDING = re.compile(r"\.(?:s?html?|php|aspx?)$", re.IGNORECASE)
_NEXT = re.compile(r"[-_/,]?(?:page|hal|halaman)?[-_/]?\d{1,2}(?:\.\w{2,5})?/?", re.IGNORECASE)
_LINKS_MAX = 3_000


@dataclass(frozen=True, slots=True)
class _Address:
    host: str
    path: str
    query: tuple[tuple[str, str], ...]  # without what names a page of the article
    number: int  # 0 for the page that shows all


def next_pages(tree: HtmlElement, url: str) -> tuple[str, ...]:
    """The addresses of the article's other pages, at most PAGES_MAX, the lower numbers first.

    One address alone where the site shows the whole article on one page. Only links of the page itself
    count, and only those to the same host whose address differs in the number of the page alone.
    """
    own = _address(url)
    if own is None or own.number == 0 or len(own.path) < 2:
        return ()
    found = {number: link for number, link in _pages(tree, url, own) if number != own.number}
    if 0 in found:
        return (found[0],)
    return tuple(found[number] for number in sorted(found)[:PAGES_MAX])


def _pages(tree: HtmlElement, url: str, own: _Address) -> Iterator[tuple[int, str]]:
    for href, is_next in islice(_links(tree, own), _LINKS_MAX):
        link = _joined(url, href)
        address = _address(link) if link else None
        if link is None or address is None or (address.host, address.query) != (own.host, own.query):
            continue
        if address.path == own.path:
            yield address.number, link
        elif number := _number_in_path(own.path, address.path, is_next=is_next):
            yield number, link


def _links(tree: HtmlElement, own: _Address) -> Iterator[tuple[str, bool]]:
    """Links that may be meant, and whether they say rel=next; a page has hundreds of others."""
    name = _ENDING.sub("", own.path.rpartition("/")[2])
    name = "" if "%" in name else name  # escaped in one way here and in another there
    for element in tree.iter("a", "link"):
        href, is_next = element.get("href", ""), "next" in element.get("rel", "").lower().split()
        is_near = element.tag == "a" and (href.startswith("?") or name in href) and _MARKED.search(href)
        if is_next or is_near:
            yield href, is_next


def _joined(base: str, href: str) -> str | None:
    """The canonical spelling of a link; None for comments and what is no web address."""
    target, _, fragment = href.strip().partition("#")
    if not target or "comment" in fragment.lower():
        return None
    try:
        return canonical_url(urljoin(base, target))
    except (BadUrlError, ValueError):
        return None


def _address(url: str) -> _Address | None:
    try:
        parts = urlsplit(canonical_url(url))
    except ValueError:
        return None
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    marks = [(name, value.lower()) for name, value in pairs if _is_mark(name.lower(), value.lower())]
    rest = tuple(
        pair for pair in pairs if not _is_mark(pair[0].lower(), pair[1].lower()) and pair[0] not in _LAYOUTS
    )
    number = 1
    for name, value in marks:
        number = int(value) if name.lower() in _NUMBERED and value.isdecimal() else 0
    return _Address(parts.netloc, parts.path.rstrip("/"), rest, number)


def _is_mark(name: str, value: str) -> bool:
    if name == "single":
        return value in {"1", "true"}
    return (name in _NUMBERED and value.isdecimal() and len(value) <= 2) or (
        name in _WHOLE and value in _WHOLE_VALUES
    )


def _number_in_path(own: str, other: str, *, is_next: bool) -> int:
    """The number that `other` adds to the path `own`; 0 where it is another path."""
    stem = _ENDING.sub("", own)
    added = (
        other[len(own) :] if other.startswith(own) else other[len(stem) :] if other.startswith(stem) else ""
    )
    match = _PATH_NUMBER.fullmatch(added)
    if not match and is_next and _NEXT.fullmatch(added):
        match = re.search(r"(\d{1,2})(?!.*\d)", added)
    return int(match[1]) if match and int(match[1]) > 1 else 0

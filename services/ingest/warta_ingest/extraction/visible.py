"""Facts from what readers see: headline, byline, time elements, and the date written beneath the headline."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from lxml.html import HtmlElement

from warta_ingest.extraction.facts import Facts
from warta_ingest.extraction.instants import Moment, best, moment, written_moment
from warta_shared.events.article import PublishedSource

# The article's own time first; others may stand beside links to other articles.
_TIMES = (
    "//*[@itemprop='datePublished'][not(self::meta)]",
    "//time[@pubdate]",
    "//article//header//time",
    "//article//time",
    "//main//time",
    "//time",
)
_BESIDE = 25
_BYLINE_MAX = 100
_BYLINES = "//a[@rel='author']|//*[@itemprop='author']"
_PROFILES = tuple(
    f"contains(@href,'/{name}')" for name in ("author", "autor", "penulis", "reporter", "wartawan")
)
_MARKS = tuple(
    f"contains(@class,'{name}')" for name in ("author", "penulis", "byline", "reporter", "wartawan")
)
_MARKED_BYLINES = (
    f"following::*[position()<={_BESIDE}][{' or '.join(_MARKS)}][not(.//*[{' or '.join(_MARKS)}])]"
)
_LINKED_BYLINES = f"following::a[{' or '.join(_PROFILES)}]"
_MOST = 50
_PIECES = 80
_NEAR = 600


def element_facts(tree: HtmlElement, country: str | None) -> Facts:
    """What elements made for it say."""
    bylines = _said(tree.xpath(_BYLINES)) or _marked_bylines(tree) or _said(_linked_bylines(tree))
    return Facts(
        title=headline(tree),
        authors=tuple(name for name in dict.fromkeys(bylines) if name),
        published=best(_moments(tree, country)),
    )


def _said(elements: list[HtmlElement]) -> list[str]:
    return [" ".join(" ".join(element.itertext()).split()) for element in elements[:_MOST]]


def _marked_bylines(tree: HtmlElement) -> list[str]:
    """Short texts right after the headline that are marked up as an author's."""
    element = _headline(tree)
    found = element.xpath(_MARKED_BYLINES) if element is not None else []
    return [said for said in _said(found) if 0 < len(said) <= _BYLINE_MAX][:1]


def _linked_bylines(tree: HtmlElement) -> list[HtmlElement]:
    """Links to authors' own pages that follow the headline; those further down belong to other articles."""
    element = _headline(tree)
    links = element.xpath(_LINKED_BYLINES)[:_MOST] if element is not None else []
    beside = links[0].getparent() if links else None
    return [link for link in links if link.getparent() is beside]


def written_facts(tree: HtmlElement, country: str | None) -> Facts:
    """The date written near the headline; none without one: at the top of a page often stands today's date."""
    element = _headline(tree)
    return Facts(published=written_moment(_near(element), country) if element is not None else None)


def headline(tree: HtmlElement) -> str | None:
    """What the first h1 with words says."""
    element = _headline(tree)
    return " ".join(element.text_content().split()) if element is not None else None


def _headline(tree: HtmlElement) -> HtmlElement | None:
    return next((h1 for h1 in tree.iter("h1") if h1.text_content().strip()), None)


def _moments(tree: HtmlElement, country: str | None) -> Iterator[Moment | None]:
    for path in _TIMES:
        for element in tree.xpath(path)[:_MOST]:
            for said in (element.get("datetime"), element.get("content"), element.text_content()):
                yield moment(said, PublishedSource.TIME, country)


def _near(element: HtmlElement) -> str:
    pieces = element.xpath("following::text()[not(parent::script or parent::style)]")
    return " ".join(" ".join(str(piece) for piece in islice(pieces, _PIECES)).split())[:_NEAR]

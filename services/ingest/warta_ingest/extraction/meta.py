"""Facts from the head of a page: meta elements (Open Graph, article:*, Dublin Core), title, canonical link."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.html import HtmlElement

from warta_ingest.extraction.facts import Facts
from warta_ingest.extraction.instants import Moment, best, moment
from warta_shared.events.article import PublishedSource

PUBLISHED = (
    "article:published_time", "og:published_time", "article:published", "datepublished", "publishdate",
    "publish-date", "publish_date", "pubdate", "published_time", "date.publish", "content_publisheddate", "dc.date",
    "dc.date.issued", "dc.date.created", "dcterms.created", "dcterms.issued", "dcterms.date", "sailthru.date",
    "parsely-pub-date", "cxenseparse:recs:publishtime", "originalpublicationdate", "bt:pubdate", "date",
)  # fmt: skip
MODIFIED = (
    "article:modified_time", "og:updated_time", "datemodified", "lastmod", "last-modified", "dcterms.modified",
    "dc.date.modified", "article:modified",
)  # fmt: skip
AUTHORS = ("content_author", "author", "article:author", "dc.creator", "parsely-author", "sailthru.author")
EDITORS = ("content_editor", "editor")
SECTIONS = ("article:section", "content_category", "parsely-section", "cxenseparse:category")
_MOST_METAS = 500


def meta_facts(tree: HtmlElement, country: str | None) -> Facts:
    """What the head of the page says."""
    said = _metas(tree)
    return Facts(
        title=_first(said, ("og:title", "twitter:title")) or _title(tree),
        summary=_first(said, ("description", "og:description", "twitter:description")),
        authors=tuple(author for author in _all(said, AUTHORS) if not author.startswith(("http:", "https:"))),
        editors=tuple(_all(said, EDITORS)),
        published=best(_moments(said, PUBLISHED, country)),
        modified=best(_moments(said, MODIFIED, country)),
        image_url=_first(said, ("og:image", "og:image:url", "twitter:image")),
        sections=tuple(_all(said, SECTIONS)),
        sites=tuple(_all(said, ("og:site_name",)) + _all(said, ("application-name",))),
    )


def canonical_link(tree: HtmlElement) -> str | None:
    """The page's rel=canonical as written."""
    for link in tree.iter("link"):
        if "canonical" in link.get("rel", "").lower().split() and link.get("href", "").strip():
            return str(link.get("href")).strip()
    return None


def meta_address(tree: HtmlElement) -> str | None:
    """The page's og:url as written."""
    return _first(_metas(tree), ("og:url",))


def language(tree: HtmlElement) -> str | None:
    """The lang attribute of the page."""
    tags = tree.xpath("/html/@lang|/html/@xml:lang")
    return str(tags[0]).strip() or None if tags else None


def _metas(tree: HtmlElement) -> dict[str, list[str]]:
    said: dict[str, list[str]] = {}
    for element in tree.xpath("//meta[@content]")[:_MOST_METAS]:
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        content = " ".join(element.get("content", "").split())
        if name and content:
            said.setdefault(name.lower(), []).append(content)
    return said


def _all(said: dict[str, list[str]], names: tuple[str, ...]) -> list[str]:
    return next((said[name] for name in names if name in said), [])


def _first(said: dict[str, list[str]], names: tuple[str, ...]) -> str | None:
    return next(iter(_all(said, names)), None)


def _moments(
    said: dict[str, list[str]], names: tuple[str, ...], country: str | None
) -> Iterator[Moment | None]:
    return (moment(said[name][0], PublishedSource.META, country) for name in names if name in said)


def _title(tree: HtmlElement) -> str | None:
    return next((text for t in tree.iter("title") if (text := " ".join(t.text_content().split()))), None)

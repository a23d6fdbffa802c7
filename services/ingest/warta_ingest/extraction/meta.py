"""Facts from meta, link and time elements (Open Graph, article:*, Dublin Core), and from what readers see."""

from __future__ import annotations

from lxml.html import HtmlElement

from warta_ingest.extraction.facts import Facts
from warta_ingest.extraction.instants import Moment, moment, written_moment
from warta_shared.events.article import PublishedSource

PUBLISHED = (
    "article:published_time", "og:published_time", "datepublished", "publishdate", "publish-date", "pubdate",
    "date.publish", "content_publisheddate", "dc.date", "dc.date.issued", "dcterms.created", "sailthru.date",
    "parsely-pub-date", "cxenseparse:recs:publishtime", "originalpublicationdate", "date",
)  # fmt: skip
MODIFIED = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "lastmod",
    "last-modified",
    "dcterms.modified",
)
AUTHORS = ("author", "article:author", "dc.creator", "parsely-author", "content_author", "sailthru.author")
SECTIONS = ("article:section", "content_category", "parsely-section", "cxenseparse:category")
_TEXT_BEFORE_BODY = 4_000


def meta_facts(tree: HtmlElement, country: str | None) -> Facts:
    """What the head of the page says."""
    said = _metas(tree)
    return Facts(
        title=_first(said, ("og:title", "twitter:title")) or _title(tree, _first(said, ("og:site_name",))),
        summary=_first(said, ("description", "og:description", "twitter:description")),
        authors=tuple(author for author in _all(said, AUTHORS) if not author.startswith(("http:", "https:"))),
        published=_moment(said, PUBLISHED, country),
        modified=_moment(said, MODIFIED, country),
        image_url=_first(said, ("og:image", "og:image:url", "twitter:image")),
        sections=tuple(_all(said, SECTIONS)),
    )


def visible_facts(tree: HtmlElement, country: str | None) -> Facts:
    """What readers see: a time element, else a written date near the headline; a byline by its markup."""
    times = tree.xpath("//time[@datetime]/@datetime")
    by_element = next((m for t in times if (m := moment(str(t), PublishedSource.TIME, country))), None)
    authors = [
        " ".join(a.text_content().split()) for a in tree.xpath("//a[@rel='author']|//*[@itemprop='author']")
    ]
    return Facts(
        title=next((text for h in tree.xpath("//h1") if (text := " ".join(h.text_content().split()))), None),
        authors=tuple(author for author in dict.fromkeys(authors) if author),
        published=by_element or written_moment(_near_headline(tree), country),
    )


def canonical_link(tree: HtmlElement) -> str | None:
    """The page's rel=canonical as written."""
    links = tree.xpath("//link[@rel='canonical']/@href")
    return str(links[0]).strip() or None if links else None


def language(tree: HtmlElement) -> str | None:
    """The lang attribute of the page."""
    tags = tree.xpath("/html/@lang|/html/@xml:lang")
    return str(tags[0]).strip() or None if tags else None


def _metas(tree: HtmlElement) -> dict[str, list[str]]:
    said: dict[str, list[str]] = {}
    for element in tree.xpath("//meta[@content]")[:500]:
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        content = " ".join(element.get("content", "").split())
        if name and content:
            said.setdefault(name.lower(), []).append(content)
    return said


def _all(said: dict[str, list[str]], names: tuple[str, ...]) -> list[str]:
    return next((said[name] for name in names if name in said), [])


def _first(said: dict[str, list[str]], names: tuple[str, ...]) -> str | None:
    return next(iter(_all(said, names)), None)


def _moment(said: dict[str, list[str]], names: tuple[str, ...], country: str | None) -> Moment | None:
    found = (moment(said[name][0], PublishedSource.META, country) for name in names if name in said)
    return next((m for m in found if m), None)


def _title(tree: HtmlElement, site: str | None) -> str | None:
    """<title> without the site's name behind a dash or bar."""
    titles = tree.xpath("//head/title|//title")
    title = " ".join(titles[0].text_content().split()) if titles else ""
    for dash in (" - ", " | ", " – ", " — "):
        head, found, tail = title.rpartition(dash)
        if found and (tail == site or (len(tail) < len(head) / 2 and len(head) > 20)):
            return head.strip()
    return title or None


def _near_headline(tree: HtmlElement) -> str:
    """The text from the headline on; the whole page's where there is none."""
    headlines = tree.xpath("//h1")
    nodes = headlines[0].itersiblings() if headlines else ()
    near = " ".join(" ".join(node.itertext()) for node in nodes if isinstance(node.tag, str))
    return " ".join((near or tree.text_content()).split())[:_TEXT_BEFORE_BODY]

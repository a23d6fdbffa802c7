"""Where a site may keep its feeds: what its page says first, then the usual places. Pure; the caller fetches."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import lxml.html
from lxml.etree import LxmlError

from warta_ingest.feeds.parsing.links import joined

CANDIDATES_MAX = 30
USUAL_PATHS = (
    "/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json", "/feeds/posts/default",
    "/sitemap_news.xml", "/news-sitemap.xml", "/sitemap-news.xml",
)  # fmt: skip
_FEED_TYPES = re.compile(
    r"application/(?:rss|atom|rdf|feed)\+(?:xml|json)|application/json|text/xml", re.IGNORECASE
)
_LOOKS_LIKE_A_FEED = re.compile(
    r"/(?:rss|feeds?|atom)(?:[/.?]|$)|\.(?:rss|atom)$|sitemap[\w-]*\.xml", re.IGNORECASE
)
_SITEMAP = re.compile(r"^\s*sitemap:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


def linked_feeds(html: str, url: str) -> list[str]:
    """The feeds that a page names: `link rel=alternate`, then links that look like feeds."""
    try:
        tree = lxml.html.document_fromstring(
            html.encode("utf-8", "replace"), parser=lxml.html.HTMLParser(encoding="utf-8")
        )
    except (LxmlError, ValueError):
        return []
    named = [
        link.get("href")
        for link in tree.iter("link")
        if "alternate" in (link.get("rel") or "").lower().split()
        and _FEED_TYPES.match(link.get("type") or "")
    ]
    pointed = [a.get("href") for a in tree.iter("a") if _LOOKS_LIKE_A_FEED.search(a.get("href") or "")]
    return _web_addresses(url, [*named, *pointed])


def robots_sitemaps(robots: str, url: str) -> list[str]:
    """The sitemaps that a robots.txt names (RFC 9309, 2.2.4); those that look like news first."""
    found = _web_addresses(url, _SITEMAP.findall(robots))
    return sorted(found, key=lambda sitemap: "news" not in sitemap.lower())


def usual_places(url: str) -> list[str]:
    """Paths under which many sites keep their feeds."""
    parts = urlsplit(url)
    return [f"{parts.scheme}://{parts.netloc}{path}" for path in USUAL_PATHS]


def _web_addresses(base: str, targets: list[str | None]) -> list[str]:
    links = dict.fromkeys(link for target in targets if (link := joined(base, target)))
    return [link for link in links if link.startswith(("http://", "https://"))][:CANDIDATES_MAX]

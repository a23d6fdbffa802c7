"""The news sitemap (https://www.google.com/schemas/sitemap-news/0.9) and robots.txt (RFC 9309)."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree as ET

from warta_local.newsroom.article import NewsArticle
from warta_local.newsroom.outlets import OUTLETS
from warta_local.newsroom.xml_document import serialised, text_child

_XMLNS = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NEWS = "http://www.google.com/schemas/sitemap-news/0.9"


def news_sitemap(articles: Iterable[NewsArticle], base: str) -> bytes:
    """One <url> for every dated article, by its canonical link."""
    root = ET.Element("urlset", {"xmlns": _XMLNS, "xmlns:news": _NEWS})
    for article in articles:
        if article.published is None:
            continue
        outlet = OUTLETS[article.outlet]
        url = ET.SubElement(root, "url")
        text_child(url, "loc", base + article.path)
        text_child(url, "lastmod", (article.updated or article.published).isoformat())
        news = ET.SubElement(url, "news:news")
        publication = ET.SubElement(news, "news:publication")
        text_child(publication, "news:name", outlet.name)
        text_child(publication, "news:language", outlet.language)
        text_child(news, "news:publication_date", article.published.isoformat())
        text_child(news, "news:title", article.title)
    return serialised(root)


def robots_txt(base: str) -> bytes:
    """Everything may be fetched but the accounts and the site's own controls."""
    return f"User-agent: *\nDisallow: /akun/\nDisallow: /newsroom/\n\nSitemap: {base}/sitemap.xml\n".encode()

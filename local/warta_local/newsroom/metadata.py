"""What an article page tells machines in its <head>: links, Open Graph, and its date in one of five styles."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from html import escape
from typing import Any

from warta_local.newsroom.article import NewsArticle, PageStyle
from warta_local.newsroom.outlets import OUTLETS, Outlet

_META_STYLES = (PageStyle.META, PageStyle.META_NAIVE)


def head_tags(article: NewsArticle, base: str, *, amp: bool = False) -> str:
    """The lines of the <head> (without title and charset); `base` is the site's URL without a final slash."""
    outlet = OUTLETS[article.outlet]
    canonical = base + article.path
    tags = [
        f'<link rel="canonical" href="{escape(canonical)}">',
        _property("og:type", "article"),
        _property("og:site_name", outlet.name),
        _property("og:title", article.title),
        _property("og:url", canonical),
        _property("og:image", base + article.image_path),
        f'<meta name="description" content="{escape(article.summary[:150])}">',
    ]
    if article.amp and not amp:
        tags.append(f'<link rel="amphtml" href="{escape(base + article.amp_path)}">')
    if article.page in _META_STYLES:
        tags += _meta_tags(article)
    if article.page is PageStyle.JSON_LD:
        tags.append(_json_ld_script(article, outlet, base))
    return "\n".join(tags)


def _property(name: str, value: str) -> str:
    return f'<meta property="{name}" content="{escape(value)}">'


def _meta_tags(article: NewsArticle) -> list[str]:
    """Dates, authors and section as meta tags (https://ogp.me/#type_article)."""
    dates = {"article:published_time": article.published, "article:modified_time": article.updated}
    naive = article.page is PageStyle.META_NAIVE
    tags = [_property(name, _written(when, naive=naive)) for name, when in dates.items() if when]
    tags += [f'<meta name="author" content="{escape(author)}">' for author in article.authors]
    return [*tags, _property("article:section", article.section)]


def _written(when: datetime, *, naive: bool) -> str:
    return when.replace(tzinfo=None).isoformat(" ") if naive else when.isoformat()


def _json_ld_script(article: NewsArticle, outlet: Outlet, base: str) -> str:
    """A schema.org NewsArticle; inside an @graph at one outlet, alone and in UTC at the others."""
    story = _news_article(article, outlet, base)
    document: dict[str, Any] = {"@context": "https://schema.org"}
    if outlet.id == "kabar":
        document["@graph"] = [{"@type": "WebSite", "name": outlet.name, "url": base}, story]
    else:
        story = _dates_in_utc(story)
        document |= story
    text = json.dumps(document, ensure_ascii=False).replace("</", "<\\/")
    return f'<script type="application/ld+json">{text}</script>'


def _news_article(article: NewsArticle, outlet: Outlet, base: str) -> dict[str, Any]:
    story: dict[str, Any] = {
        "@type": "NewsArticle",
        "headline": article.title,
        "mainEntityOfPage": {"@type": "WebPage", "@id": base + article.path},
        "image": [base + article.image_path],
        "articleSection": article.section,
        "inLanguage": outlet.language,
        "author": [{"@type": "Person", "name": name} for name in article.authors],
        "publisher": {"@type": "NewsMediaOrganization", "name": outlet.name},
    }
    dates = {"datePublished": article.published, "dateModified": article.updated or article.published}
    return story | {name: when.isoformat() for name, when in dates.items() if when}


def _dates_in_utc(story: dict[str, Any]) -> dict[str, Any]:
    dates = {name: value for name, value in story.items() if name.startswith("date")}
    return story | {
        name: datetime.fromisoformat(value).astimezone(UTC).isoformat().replace("+00:00", "Z")
        for name, value in dates.items()
    }

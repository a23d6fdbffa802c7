"""What a right ingestion of the newsroom must end in, article by article; tests of the whole path use it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from warta_local.newsroom.article import NewsArticle, Outcome, PageStyle, load_articles, load_edits
from warta_local.newsroom.feeds import FEEDS, FeedFormat, FeedSpec, link_path
from warta_local.newsroom.outlets import OUTLETS

_PUBLISHED_SOURCES = {
    PageStyle.JSON_LD: "json-ld",
    PageStyle.META: "meta",
    PageStyle.META_NAIVE: "meta",
    PageStyle.TIME: "time-element",
}
_DATED_FORMATS = frozenset(FeedFormat) - {FeedFormat.RSS_091}


@dataclass(frozen=True, slots=True)
class ExpectedArticle:
    """The right result for one article.

    Paths are relative to the site's URL. `links` are the paths by which feeds link to it (with tracking,
    AMP), all of them one article with `canonical_path`. `published` is in UTC, None if nothing tells it, and
    `published_source` says where the best date stands. `sources` are the codes it may carry: that of the feed
    by which it came first. `excludes` are phrases that must not be in the body. `revision` counts versions.
    Fields about the content hold for `Outcome.PUBLISHED` only.
    """

    slug: str
    canonical_path: str
    links: frozenset[str]
    feeds: frozenset[str]
    sources: frozenset[str]
    outcome: Outcome
    title: str
    language: str
    section: str
    authors: tuple[str, ...]
    published: datetime | None
    published_source: str | None
    contains: str
    excludes: tuple[str, ...]
    revision: int
    near_copy_of: str | None


def expected_articles(*, edited: bool = False) -> tuple[ExpectedArticle, ...]:
    """Every article of the newsroom, before or after its one edit."""
    edits = load_edits() if edited else {}
    return tuple(_expected(edits.get(slug, first), first) for slug, first in load_articles().items())


def _expected(article: NewsArticle, first: NewsArticle) -> ExpectedArticle:
    """`article` is the version to expect, `first` the first version."""
    outlet = OUTLETS[article.outlet]
    feeds = [(spec, link) for spec in FEEDS for link in spec.links if link.slug == article.slug]
    revised = article is not first
    return ExpectedArticle(
        slug=article.slug,
        canonical_path=article.path,
        links=frozenset(link_path(link, article) for _, link in feeds),
        feeds=frozenset(spec.id for spec, _ in feeds),
        sources=frozenset(spec.source for spec, _ in feeds),
        outcome=article.outcome,
        title=article.title,
        language=outlet.language,
        section=article.section,
        authors=article.authors,
        published=article.published.astimezone(UTC) if article.published else None,
        published_source=_published_source(article, [spec for spec, _ in feeds]),
        contains=article.contains,
        excludes=(*outlet.boilerplate, first.contains) if revised else outlet.boilerplate,
        revision=2 if revised else 1,
        near_copy_of=article.near_copy_of,
    )


def _published_source(article: NewsArticle, feeds: list[FeedSpec]) -> str | None:
    """The page's own data before the feed's, the feed's before the page's words."""
    if article.published is None:
        return None
    in_feed = any(spec.format in _DATED_FORMATS for spec in feeds)
    return _PUBLISHED_SOURCES.get(article.page, "feed" if in_feed else "page-text")

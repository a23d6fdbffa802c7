"""A page to fetch: what travels on `pages.found` (text of the feed's entry, never a page's HTML)."""

from __future__ import annotations

import hashlib
from typing import Annotated, Literal

from pydantic import Field

from warta_ingest.feeds import Feed, FeedEntry
from warta_ingest.registry.page_record import MARK_BYTES
from warta_ingest.sameness import article_id, canonical_url
from warta_shared.events.article import Source
from warta_shared.events.fields import (
    ArticleId,
    EpochMillis,
    Event,
    Instant,
    Language,
    Name,
    Summary,
    Text,
    Url,
    capped,
)


class FoundPage(Event):
    """`id` is that of the link; the article may get another, once the page has told its canonical address."""

    schema_version: Literal[1] = 1
    id: ArticleId
    url: Url
    found_at: EpochMillis
    source: Source
    language: Language | None = None
    title: Annotated[Text, Field(max_length=1_000)] = ""
    summary: Summary = ""
    published: Instant | None = None
    updated: Instant | None = None
    authors: Annotated[tuple[Name, ...], Field(max_length=50)] = ()
    sections: Annotated[tuple[Name, ...], Field(max_length=50)] = ()
    topics: Annotated[tuple[str, ...], Field(max_length=20)] = ()


def found_page(feed: Feed, entry: FeedEntry, found_at: int) -> FoundPage:
    """The page of a feed's entry; raises ValueError (BadUrlError) when its link is no web address."""
    url = canonical_url(entry.link or "")
    topics = dict.fromkeys(code for section in entry.categories if (code := feed.topic_of(section)))
    return FoundPage(
        id=article_id(url),
        url=url,
        found_at=found_at,
        source=Source(id=feed.source, name=feed.name, country=feed.country, feed=feed.id),
        language=feed.language,
        title=entry.title[:1_000],
        summary=entry.summary[:10_000],
        published=entry.published,
        updated=entry.updated,
        authors=tuple(capped([name[:300] for name in entry.authors if name], 50)),
        sections=tuple(capped([name[:300] for name in entry.categories if name], 50)),
        topics=tuple(capped(list(topics), 20)),
    )


def fingerprint(page: FoundPage) -> bytes:
    """MARK_BYTES that change when the feed says something new about the page: then it is worth another fetch.

    Not of the entry's id: Google Alerts gives a new one at each fetch.
    """
    said = page.model_dump_json(include={"url", "title", "summary", "published", "updated"})
    return hashlib.sha256(said.encode()).digest()[:MARK_BYTES]

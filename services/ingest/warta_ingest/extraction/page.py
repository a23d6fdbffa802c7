"""What is left of a page: the article."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from warta_shared.events.article import PublishedSource


class NoText(Exception):
    """The page holds no text of an article; `reason` is `no-text`."""

    reason = "no-text"


@dataclass(frozen=True, slots=True)
class ExtractedPage:
    """An article within the bounds of events/fields.py, ready for a RawArticle.

    `body`: paragraphs separated by a newline. Instants are aware UTC; `published_exact`: whether
    the hour is known, and not the day alone. `canonical_link`: the page's own
    rel=canonical, absolute, not yet judged (sameness.choose_canonical). `language`: its lang attribute.
    `next_pages`: the other pages of the same article in their order, or one that shows it whole; see `joined`.
    """

    title: str
    body: str
    word_count: int
    summary: str | None = None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    published_source: PublishedSource | None = None
    published_exact: bool = True
    modified_at: datetime | None = None
    image_url: str | None = None
    sections: tuple[str, ...] = ()
    canonical_link: str | None = None
    language: str | None = None
    next_pages: tuple[str, ...] = ()

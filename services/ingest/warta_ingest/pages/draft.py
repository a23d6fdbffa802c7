"""A fetched page and its feed's entry into a draft: the page's word first, the feed's where it is silent."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from warta_ingest.draft import Draft
from warta_ingest.extraction.instants import SAME_DAY
from warta_ingest.extraction.page import ExtractedPage
from warta_ingest.pages.found import FoundPage
from warta_ingest.sameness import article_id, choose_canonical
from warta_shared.events.article import PublishedSource


def page_draft(found: FoundPage, final_url: str, page: ExtractedPage) -> Draft:
    """The draft of one page; its id comes from the canonical address of where the fetch ended."""
    canonical = choose_canonical(final_url, page.canonical_link)
    published, said_by = _published(found, page)
    domain = urlsplit(canonical).hostname
    return Draft(
        id=article_id(canonical),
        url=final_url,
        canonical_url=canonical,
        title=page.title or found.title,
        body=page.body,
        summary=page.summary or found.summary or None,
        source=found.source.model_copy(update={"domain": domain}),
        published_at=published,
        published_source=said_by,
        modified_at=page.modified_at or found.updated,
        authors=page.authors or found.authors,
        sections=page.sections or found.sections,
        image_url=page.image_url,
        language_hint=found.language or _language(page.language),
        topic_hints=found.topics,
    )


def _published(found: FoundPage, page: ExtractedPage) -> tuple[datetime | None, PublishedSource | None]:
    """When it appeared, and who says so: the feed where the page knows nothing, or the day alone that it names."""
    mine, theirs = page.published_at, found.published
    is_refined = mine and theirs and not page.published_exact and abs(theirs - mine) <= SAME_DAY
    if theirs and (mine is None or is_refined):
        return theirs, PublishedSource.FEED
    return mine, page.published_source


def _language(tag: str | None) -> str | None:
    primary = (tag or "").replace("_", "-").split("-")[0].lower()
    return primary if 2 <= len(primary) <= 3 and primary.isascii() and primary.isalpha() else None

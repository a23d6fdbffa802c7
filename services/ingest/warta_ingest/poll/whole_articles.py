"""Feeds that carry their articles whole (`full_text: feed`): entries become articles without their pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from warta_ingest.draft import Draft
from warta_ingest.extraction import ExtractedPage
from warta_ingest.feeds import Feed, FeedEntry
from warta_ingest.pages.draft import page_draft
from warta_ingest.pages.found import found_page
from warta_ingest.registry import accounts
from warta_ingest.registry.fate import Fate, Result
from warta_ingest.registry.publisher import ArticlePublisher
from warta_ingest.text.plain import word_count

# Fewer words are a teaser: the page is fetched.
LEAST_WORDS = 60
AT_ONCE = 50

# Markup of several entries into their texts, in a process that may be killed; raises UnreadableFeed.
Texts = Callable[[Sequence[str]], Awaitable[list[str]]]


@dataclass(frozen=True, slots=True)
class WholeArticles:
    """Publishes the entries whose text is in the feed."""

    publisher: ArticlePublisher
    texts: Texts

    async def publish(self, feed: Feed, entries: Sequence[FeedEntry]) -> tuple[Counter[str], list[FeedEntry]]:
        """The outcomes of what was published, and the entries whose pages must be fetched."""
        counts: Counter[str] = Counter()
        teasers: list[FeedEntry] = []
        for start in range(0, len(entries), AT_ONCE):
            part = entries[start : start + AT_ONCE]
            texts = await self.texts([entry.content_html or "" for entry in part])
            drafts = []
            for entry, text in zip(part, texts, strict=True):
                draft = _draft(feed, entry, text) if word_count(text) >= LEAST_WORDS else None
                if draft:
                    drafts.append(draft)
                else:
                    teasers.append(entry)
            for result in await self.publisher.publish(drafts):
                counts[_word(result)] += 1
        return counts, teasers


def _word(result: Result) -> str:
    if result.fate is Fate.PUBLISHED and result.revision > 1:
        return accounts.CHANGED
    return _OUTCOMES.get(result.fate, result.fate.value)


_OUTCOMES = {
    Fate.PUBLISHED: accounts.NEW,
    Fate.UNCHANGED: accounts.REPEATED,
    Fate.SUPERSEDED: accounts.REPEATED,
    Fate.INVALID: accounts.BAD_ENTRY,
}


def _draft(feed: Feed, entry: FeedEntry, text: str) -> Draft | None:
    """The article of an entry; None where only its page can tell (no title, no usable link)."""
    try:
        found = found_page(feed, entry, 0)
    except ValueError:  # the page's way counts it and says what is wrong
        return None
    if not found.title:
        return None
    page = ExtractedPage(found.title, text, word_count(text), image_url=_web_address(entry.image_url))
    return page_draft(found, found.url, page)


def _web_address(url: str | None) -> str | None:
    return url if (url or "").startswith(("http://", "https://")) else None

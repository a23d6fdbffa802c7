"""Feeds that carry their articles whole (`full_text: feed`): entries become articles without their pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from warta_ingest.draft import Draft
from warta_ingest.feeds import Feed, FeedEntry
from warta_ingest.registry import accounts
from warta_ingest.registry.fate import Fate
from warta_ingest.registry.publisher import ArticlePublisher
from warta_ingest.sameness import BadUrlError, article_id, canonical_url
from warta_ingest.text.plain import word_count
from warta_shared.events.article import PublishedSource, Source
from warta_shared.events.fields import capped

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
                counts[_OUTCOMES[result.fate]] += 1
        return counts, teasers


_OUTCOMES = {
    Fate.PUBLISHED: accounts.NEW,
    Fate.UNCHANGED: accounts.REPEATED,
    Fate.SUPERSEDED: accounts.REPEATED,
    Fate.WITHDRAWN: Fate.WITHDRAWN.value,
    Fate.CAPPED: "revision-capped",
    Fate.INVALID: accounts.BAD_ENTRY,
}


def _draft(feed: Feed, entry: FeedEntry, text: str) -> Draft | None:
    """The article of an entry; None where only its page can tell (no title, no usable link)."""
    try:
        url = canonical_url(entry.link or "")
    except BadUrlError:
        return None
    if not entry.title:
        return None
    topics = dict.fromkeys(code for section in entry.categories if (code := feed.topic_of(section)))
    return Draft(
        id=article_id(url),
        url=url,
        canonical_url=url,
        title=entry.title[:1_000],
        body=text,
        summary=entry.summary[:10_000] or None,
        source=Source(
            id=feed.source, name=feed.name, country=feed.country, feed=feed.id, domain=urlsplit(url).hostname
        ),
        published_at=entry.published,
        published_source=PublishedSource.FEED if entry.published else None,
        modified_at=entry.updated,
        authors=tuple(capped([name[:300] for name in entry.authors if name], 50)),
        sections=tuple(capped([name[:300] for name in entry.categories if name], 50)),
        image_url=entry.image_url if (entry.image_url or "").startswith(("http://", "https://")) else None,
        language_hint=feed.language,
        topic_hints=tuple(capped(list(topics), 20)),
    )

"""What a feed's renderer gets: the feed's entries as they stand at one poll."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from warta_local.newsroom.article import NewsArticle


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry: the article's current version, the absolute link, and when it last changed (None: undated)."""

    article: NewsArticle
    url: str
    updated: datetime | None


def last_change(entries: Sequence[FeedEntry]) -> datetime:
    """The newest change among the entries; a feed without any dated entry is a ValueError."""
    return max(entry.updated for entry in entries if entry.updated)

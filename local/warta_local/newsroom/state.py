"""What changes while the site runs: polls, fetches, answers given, and the one edit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from warta_local.newsroom.article import NewsArticle, load_articles, load_edits
from warta_local.newsroom.feed_entry import FeedEntry
from warta_local.newsroom.feeds import FeedSpec, Link, link_path

Clock = Callable[[], datetime]


class Newsroom:
    """The state of one site; everything in it is a function of the requests so far and the clock.

    Articles with a second version show it after `edit()`, or from the poll on that follows `edit_after_polls`
    earlier polls of a feed that holds the article, once its page has been fetched: so whoever polls and
    fetches sees both versions, and feed and page change together.
    """

    def __init__(self, clock: Clock, edit_after_polls: int) -> None:
        self._clock = clock
        self._edit_after_polls = edit_after_polls
        self.edited: set[str] = set()
        self.polls: Counter[str] = Counter()
        self.fetches: Counter[str] = Counter()
        self.answers: Counter[tuple[str, int]] = Counter()

    def edit(self) -> None:
        """Publish the second version of every article that has one."""
        self.edited |= load_edits().keys()

    def article(self, slug: str) -> NewsArticle:
        """The version of the article that the site shows now; KeyError if there is no such article."""
        return load_edits()[slug] if slug in self.edited else load_articles()[slug]

    def articles(self) -> list[NewsArticle]:
        """Every article in its current version."""
        return [self.article(slug) for slug in load_articles()]

    def fetch(self, slug: str) -> int:
        """Count a fetch of an article's page; how often it has been fetched now."""
        self.fetches[slug] += 1
        return self.fetches[slug]

    def poll(self, spec: FeedSpec, base: str) -> list[FeedEntry]:
        """Count a poll of a feed, make the edit that has come due, and give the entries."""
        if self.polls[spec.id] >= self._edit_after_polls:
            fetched = {link.slug for link in spec.links if self.fetches[link.slug]}
            self.edited |= fetched & load_edits().keys()
        self.polls[spec.id] += 1
        return [self._entry(spec, link, base) for link in spec.links]

    def _entry(self, spec: FeedSpec, link: Link, base: str) -> FeedEntry:
        article = self.article(link.slug)
        updated = article.updated or article.published
        if spec.live and updated:
            updated = max(self._clock(), updated)
        return FeedEntry(article, base + link_path(link, article), updated)

    def report(self) -> dict[str, object]:
        """Counts for tests: polls by feed, edited slugs, answers as path -> status -> count."""
        answers: dict[str, dict[str, int]] = {}
        for (path, status), count in sorted(self.answers.items()):
            answers.setdefault(path, {})[str(status)] = count
        return {"polls": dict(self.polls), "edited": sorted(self.edited), "answers": answers}

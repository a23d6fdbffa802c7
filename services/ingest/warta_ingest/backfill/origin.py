"""Whose an old page is: what the command says, what an archive of ours says, the feeds of its site, its host."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from warta_ingest.feeds import Feed
from warta_ingest.feeds.naming import source_code
from warta_ingest.poll.discovered import BY_URL
from warta_ingest.sameness.canonical import registrable_site


@dataclass(frozen=True, slots=True)
class Origins:
    """`source` and `country`: what the command said ('' where it said nothing); `feeds`: by host and by site."""

    source: str = ""
    country: str = ""
    feeds: Mapping[str, Feed] = field(default_factory=dict)

    def of(self, url: str, source: str = "", feed: str = "", country: str = "") -> Feed:
        """A feed that the page at `url` could have come from; raises ValueError where it cannot be one.

        `source`, `feed` and `country` are what the page's record says.
        """
        known = self.feeds.get(urlsplit(url).netloc) or self.feeds.get(registrable_site(url))
        if known and not (source or self.source):
            return known.model_copy(update={"country": self.country or known.country})
        return Feed(
            id=feed or BY_URL,
            url=url,
            source=self.source or source or source_code(url),
            country=self.country or country or (known.country if known else None),
        )


def feeds_by_site(feeds: Iterable[Feed]) -> dict[str, Feed]:
    """Feeds by the host and by the site of their address; of several, the first by id."""
    known: dict[str, Feed] = {}
    for feed in sorted(feeds, key=lambda one: one.id):
        parts = urlsplit(feed.url)
        known.setdefault(parts.netloc, feed)
        known.setdefault(registrable_site(feed.url), feed)
    return known

"""The further pages of a feed that is read for the first time (JSON Feed's `next_url`, RFC 5005)."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass

from warta_ingest.feeds import Feed, FeedEntry, ParsedFeed
from warta_ingest.fetcher import FetchError
from warta_ingest.politeness import HostBusy
from warta_ingest.poll.fetching import FeedFetching
from warta_ingest.poll.unreadable import UnreadableFeed

log = logging.getLogger(__name__)

# Enough for what was out lately; an archive is brought in by backfill.
PAGES_MAX = 10


@dataclass(frozen=True, slots=True)
class OlderPages:
    """Follows a feed to its older entries."""

    fetching: FeedFetching

    async def read(self, feed: Feed, first: ParsedFeed, until: float) -> list[FeedEntry]:
        """The entries of the pages after the first, as far as those are had before `until` (monotonic clock).

        One that fails ends it: the feed itself was read, and these are older than what it says.
        """
        entries: list[FeedEntry] = []
        page, seen = first, {feed.url}
        for _ in range(PAGES_MAX):
            url = page.next_url
            if not url or url in seen or time.monotonic() >= until:
                break
            seen.add(url)
            try:
                following = (await self.fetching.part(feed, url)).feed
            except (FetchError, UnreadableFeed) as error:
                extra = {"feed": feed.id, "url": url[:300], "reason": error.reason}
                log.warning("older-page-failed", extra=extra)
                break
            except HostBusy:
                break
            if following is None or not following.entries:
                break
            entries += following.entries
            page = following
        return entries

"""Entries of a feed onto `pages.found`: those that say something new about their page, each once."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from warta_ingest.feeds import Feed, FeedEntry
from warta_ingest.pages.found import FoundPage, fingerprint, found_page
from warta_ingest.registry import accounts
from warta_ingest.registry.publisher import TooBusy
from warta_ingest.sameness import BadUrlError
from warta_ingest.settings import IngestSettings
from warta_shared.delivery.broker import Redis
from warta_shared.delivery.names import PAGES, Partition, key, partition_of
from warta_shared.delivery.publish import Answer, Publication, publish
from warta_shared.events import Entry

log = logging.getLogger(__name__)

TRIES = 5
# The feed that pages given by their URLs belong to, in traces and accounts.
BY_URL = "by-url"


@dataclass(frozen=True, slots=True)
class DiscoveredPages:
    """Publishes what feeds name; `clock` gives ms since 1970."""

    redis: Callable[[], Redis]
    settings: IngestSettings
    clock: Callable[[], int]

    async def publish(self, feed: Feed, entries: Sequence[FeedEntry]) -> Counter[str]:
        """Put the entries that say something new onto the stream; the outcome of each, counted."""
        counts: Counter[str] = Counter()
        groups: defaultdict[Partition, dict[str, FoundPage]] = defaultdict(dict)
        for page in self._pages(feed, entries, counts):
            known = groups[partition_of(page.id, self.settings.partitions)]
            counts[accounts.REPEATED] += page.id in known
            known.setdefault(page.id, page)
        for partition, distinct in groups.items():
            counts += await self._publish(feed, partition, list(distinct.values()))
        return counts

    def _pages(self, feed: Feed, entries: Sequence[FeedEntry], counts: Counter[str]) -> list[FoundPage]:
        pages = []
        for entry in entries:
            try:
                pages.append(found_page(feed, entry, self.clock()))
            except BadUrlError as error:
                counts[accounts.BAD_LINK] += 1
                log.info("bad-link", extra={"feed": feed.id, "error": str(error)[:300]})
            except ValidationError as error:
                counts[accounts.BAD_ENTRY] += 1
                fields = [".".join(map(str, e["loc"])) for e in error.errors(include_input=False)[:5]]
                log.warning("bad-entry", extra={"feed": feed.id, "fields": fields})
        return pages

    async def _publish(self, feed: Feed, partition: Partition, pages: Sequence[FoundPage]) -> Counter[str]:
        """What these pages, all of one partition, were: new, changed since the feed named them, or repeated."""
        counts: Counter[str] = Counter()
        waiting = pages
        for _ in range(TRIES):
            words = await self._try(feed, partition, waiting)
            counts.update(word for word in words.values() if word)
            # What another replica has just published may be what its older copy of the feed said.
            waiting = [page for page in waiting if not words[page.id]]
            if not waiting:
                return counts
        raise TooBusy(f"{len(waiting)} pages are being published by others, {TRIES} times over")

    async def _try(self, feed: Feed, partition: Partition, pages: Sequence[FoundPage]) -> dict[str, str]:
        """The word for each page by its id, '' for one that somebody else is publishing too."""
        redis = self.redis()
        keys = [key("page", partition, page.id, feed.id) for page in pages]
        known = [(marker or b"").decode("utf-8", "replace") for marker in await redis.mget(keys)]
        words = dict.fromkeys((page.id for page in pages), accounts.REPEATED)
        publications = [
            Publication(Entry(page.id, page.model_dump_json().encode()), name, was, fingerprint(page))
            for page, name, was in zip(pages, keys, known, strict=True)
            # With replicas, what is known may be what too few of them had confirmed.
            if was != fingerprint(page) or self.settings.replicas_ack
        ]
        lifetime = self.settings.page_memory_seconds
        answers = await publish(
            redis, self.settings, PAGES, partition, publications, marker_lifetime=lifetime
        )
        for publication, answer in zip(publications, answers, strict=True):
            words[publication.entry.id] = _word(publication, answer)
        return words


def _word(publication: Publication, answer: Answer) -> str:
    if answer is Answer.CONFLICT:
        return ""
    if answer is Answer.REPEATED:
        return accounts.REPEATED
    return accounts.CHANGED if publication.expected else accounts.NEW

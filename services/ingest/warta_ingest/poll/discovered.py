"""Entries of a feed onto `pages.found`: those that say something new about their page, each once."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from pydantic import ValidationError

from warta_ingest.feeds import Feed, FeedEntry
from warta_ingest.pages.found import FoundPage, fingerprint, found_page
from warta_ingest.registry import accounts
from warta_ingest.registry.page_record import PageRecord
from warta_ingest.registry.publisher import TooBusy
from warta_ingest.registry.record import Record, record_place
from warta_ingest.sameness import BadUrlError
from warta_ingest.settings import IngestSettings
from warta_shared.delivery import markers
from warta_shared.delivery.client import Redis
from warta_shared.delivery.markers import Marked
from warta_shared.delivery.names import PAGES, Partition, partition_of
from warta_shared.delivery.publish import Answer, Publication, publish
from warta_shared.events import Entry
from warta_shared.telemetry.tracing import tracer

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
        return Counter(await self.words(feed, entries))

    async def words(self, feed: Feed, entries: Sequence[FeedEntry]) -> list[str]:
        """As `publish`: the outcome of each entry, in order."""
        found = [self._page(feed, entry) for entry in entries]
        groups: defaultdict[Partition, dict[str, FoundPage]] = defaultdict(dict)
        for page in found:
            if isinstance(page, FoundPage):
                groups[partition_of(page.id, self.settings.partitions)].setdefault(page.id, page)
        words: dict[str, str] = {}
        for partition, distinct in groups.items():
            words |= await self._publish(feed, partition, list(distinct.values()))
        # Of several entries of one page the first was published.
        return [page if isinstance(page, str) else words.pop(page.id, accounts.REPEATED) for page in found]

    def _page(self, feed: Feed, entry: FeedEntry) -> FoundPage | str:
        """The entry's page, or the word for what is none."""
        try:
            return found_page(feed, entry, self.clock())
        except BadUrlError as error:
            log.info("bad-link", extra={"feed": feed.id, "error": str(error)[:300]})
            return accounts.BAD_LINK
        except ValidationError as error:
            fields = [".".join(map(str, e["loc"])) for e in error.errors(include_input=False)[:5]]
            log.warning("bad-entry", extra={"feed": feed.id, "fields": fields})
            return accounts.BAD_ENTRY

    async def _publish(self, feed: Feed, partition: Partition, pages: Sequence[FoundPage]) -> dict[str, str]:
        """What these pages, all of one partition, were: new, changed since the feed named them, or repeated."""
        settled: dict[str, str] = {}
        waiting = pages
        for _ in range(TRIES):
            words = await self._try(feed, partition, waiting)
            settled |= {page_id: word for page_id, word in words.items() if word}
            # What another replica has just published may be what its older copy of the feed said.
            waiting = [page for page in waiting if not words[page.id]]
            if not waiting:
                return settled
        raise TooBusy(f"{len(waiting)} pages are being published by others, {TRIES} times over")

    async def _try(self, feed: Feed, partition: Partition, pages: Sequence[FoundPage]) -> dict[str, str]:
        """The word for each page by its id, '' for one that somebody else is publishing too."""
        redis, settings = self.redis(), self.settings
        places = [record_place(page.id, settings.partitions) for page in pages]
        words: dict[str, str] = {}
        publications = []
        for page, where, marked in zip(pages, places, await markers.read(redis, places), strict=True):
            record = Record.unpacked(marked.marker, page.id)
            known = record.page or PageRecord()
            words[page.id] = self._word(known, marked, feed, page)
            # What is known may be what too few replicas, or no disk, had confirmed.
            if words[page.id] != accounts.REPEATED or settings.confirms:
                named = known.at(page.url).named(feed.id, fingerprint(page))
                made = tracer().created(PAGES, page.id, "")
                entry = Entry(page.id, page.model_dump_json().encode(), traceparent=made)
                left = replace(record, page=named).packed(page.id)
                publications.append(Publication(entry, where, marked.marker, left))
        lifetime = settings.registry_seconds
        answers = await publish(redis, settings, PAGES, partition, publications, marker_lifetime=lifetime)
        conflicts = (p for p, answer in zip(publications, answers, strict=True) if answer is Answer.CONFLICT)
        return words | {publication.entry.id: "" for publication in conflicts}

    def _word(self, known: PageRecord, marked: Marked, feed: Feed, page: FoundPage) -> str:
        before = known.said_by(feed.id)
        if before is None:
            return accounts.NEW
        # One that was not written for long is fetched again, so that its article is remembered as well.
        fresh = self.clock() - marked.written < self.settings.page_memory_seconds * 1000
        return accounts.REPEATED if fresh and before == fingerprint(page) else accounts.CHANGED

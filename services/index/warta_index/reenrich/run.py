"""Pages of the index onto `articles.raw`, as fast as enrichment takes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import Any

from warta_index.connection import Connection
from warta_index.reenrich import progress
from warta_index.reenrich.progress import Progress
from warta_index.reenrich.raw_again import NotAnArticle, raw_entry
from warta_index.scan import every
from warta_index.search import EXPIRED, SearchError
from warta_shared.delivery import markers
from warta_shared.delivery.client import Redis
from warta_shared.delivery.names import RAW, by_partition
from warta_shared.delivery.patience import Patience
from warta_shared.delivery.publish import Publication, publish
from warta_shared.events import Entry
from warta_shared.settings import DeliverySettings

MARKERS = "reenrich"


@dataclass(frozen=True, slots=True)
class ReEnrichment:
    """`matched` is told how many articles there are, `moved` how far it is, `unfit` of documents that are none."""

    redis: Redis
    connection: Connection
    settings: DeliverySettings
    patience: Patience
    matched: Callable[[int], None]
    moved: Callable[[Progress], None]
    unfit: Callable[[NotAnArticle], None]

    async def run(self, query: dict[str, Any], where: str, *, again: bool = False) -> Progress:
        """Publish every article that matches, once a run; `where` is the run's key in Redis.

        Raises SearchError, UnreachableError, and Redis' errors after a minute of them.
        """
        if again:
            await progress.forget(self.redis, where)
        done = await progress.load(self.redis, where)
        await progress.save(self.redis, where, done)
        while not await self._through(query, where, done):
            pass
        await progress.forget(self.redis, where)
        return done

    async def _through(self, query: dict[str, Any], where: str, done: Progress) -> bool:
        """To the end; False where waiting took longer than Elasticsearch holds a point in time: another is taken."""
        pages = every(self.connection, query, after=done.after, matched=self.matched)
        try:
            async with aclosing(pages):
                async for page in pages:
                    await self.patience.room()
                    entries = self._entries(page, done)
                    await self.patience.through(partial(self._publish, entries, done.run.encode()))
                    done.published += len(entries)
                    done.after = page[-1]["id"]
                    await progress.save(self.redis, where, done)
                    self.moved(done)
        except SearchError as error:
            if error.reason != EXPIRED:
                raise
            return False
        return True

    def _entries(self, page: Sequence[dict[str, Any]], done: Progress) -> list[Entry]:
        entries = []
        for document in page:
            try:
                entries.append(raw_entry(document))
            except NotAnArticle as error:
                done.unfit += 1
                self.unfit(error)
        return entries

    async def _publish(self, entries: Sequence[Entry], run: bytes) -> None:
        """Repeating is harmless: a marker says what this run has published."""
        count = self.settings.partitions
        lifetime = progress.LIFETIME.total_seconds()
        for partition, group in by_partition(entries, count, attrgetter("id")).items():
            places = [markers.place(MARKERS, entry.id, count) for entry in group]
            held = await markers.read(self.redis, places)
            fresh = [
                Publication(entry, place, one.marker, run)
                for entry, place, one in zip(group, places, held, strict=True)
                if one.marker != run
            ]
            await publish(self.redis, self.settings, RAW, partition, fresh, marker_lifetime=lifetime)

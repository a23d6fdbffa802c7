"""The way of each page into its record: what was tried, when, and what came of it, for `warta trace`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from warta_ingest.registry.page_record import Fetch, PageRecord
from warta_ingest.registry.publisher import TooBusy
from warta_ingest.registry.record import Record, record_place
from warta_shared.delivery import markers
from warta_shared.delivery.client import Redis

TRIES = 8


@dataclass(frozen=True, slots=True)
class Step:
    """One try at a page, and where it led: `detail` is for people, `article` its id ('' where it led to none)."""

    page: str
    url: str
    fetch: Fetch
    detail: str = ""
    article: str = ""


async def record_step(redis: Redis, partitions: int, step: Step, lifetime: float) -> None:
    """Add the step to what is known of its page; `lifetime` in seconds."""

    def change(page: PageRecord) -> PageRecord:
        return page.at(step.url).fetched(step.fetch, step.detail, step.article)

    await amend_page(redis, partitions, step.page, change, lifetime)


async def forget_feed(redis: Redis, partitions: int, page: str, feed: str, lifetime: float) -> None:
    """As if the feed had never named the page: its next poll finds it again."""
    await amend_page(redis, partitions, page, lambda known: known.unnamed(feed), lifetime)


async def amend_page(
    redis: Redis, partitions: int, page: str, change: Callable[[PageRecord], PageRecord], lifetime: float
) -> None:
    """Change a page's record, whoever else changes it meanwhile."""
    where = record_place(page, partitions)
    for _ in range(TRIES):
        [held] = await markers.read(redis, [where])
        known = Record.unpacked(held.marker, page)
        changed = replace(known, page=change(known.page or PageRecord()))
        if await markers.amend(redis, where, held.marker, changed.packed(page), lifetime):
            return
    raise TooBusy(f"the record of {page} is being written by others, {TRIES} times over")


async def known_record(redis: Redis, partitions: int, identity: str) -> Record:
    """All that is known of an id."""
    [held] = await markers.read(redis, [record_place(identity, partitions)])
    return Record.unpacked(held.marker, identity)

"""A page that was found: wait for its host, fetch, extract, publish; one outcome each."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from redis.exceptions import RedisError

from warta_ingest.archive.page_archive import PageArchive
from warta_ingest.extraction.page import ExtractedPage
from warta_ingest.fetcher import PAGE_ACCEPT, Fetched, FetchError
from warta_ingest.pages.draft import page_draft
from warta_ingest.pages.found import FoundPage
from warta_ingest.pages.parts import made_whole
from warta_ingest.pages.unreadable import UnreadablePage
from warta_ingest.politeness import Forbidden, HostBusy, PoliteFetcher
from warta_ingest.registry import accounts
from warta_ingest.registry.fate import Fate, Result
from warta_ingest.registry.journey import Step, forget_feed, record_step
from warta_ingest.registry.page_record import Fetch
from warta_ingest.registry.publisher import ArticlePublisher, TooBusy
from warta_ingest.sameness import BadUrlError
from warta_ingest.settings import IngestSettings
from warta_shared.delivery.client import Redis
from warta_shared.delivery.outcome import Dead, Done, Message, Outcome, Publish, Retry, word
from warta_shared.delivery.publish import NotReplicated
from warta_shared.events import InvalidMessage, decode_event

log = logging.getLogger(__name__)

Extract = Callable[[Fetched, FoundPage], Awaitable[ExtractedPage]]


@dataclass(frozen=True, slots=True)
class _End:
    """How a page ended: `detail` is for people, `article` the id that it led to ('' for none)."""

    outcome: Outcome
    detail: str = ""
    article: str = ""


@dataclass(frozen=True, slots=True)
class PageHandler:
    """The handler of the fetch hop. `extract` raises UnreadablePage."""

    redis: Callable[[], Redis]
    fetcher: PoliteFetcher
    extract: Extract
    publisher: ArticlePublisher
    archive: PageArchive
    settings: IngestSettings

    async def __call__(self, messages: Sequence[Message]) -> list[Outcome]:
        """Pages of different hosts at the same time, of one host one after the other."""
        return list(await asyncio.gather(*(self._settle(message) for message in messages)))

    async def _settle(self, message: Message) -> Outcome:
        try:
            found = decode_event(message.entry, FoundPage)
        except InvalidMessage as invalid:
            return Dead(invalid.reason, invalid.detail)
        try:
            end = await self._page(found, message.entry.traceparent)
            await self._remember(found, end)
        except (RedisError, OSError, NotReplicated, TooBusy) as error:
            return Retry("redis-away", f"{type(error).__name__}: {error}"[:300], blame=False)
        except Exception as error:  # one page's trouble is not its neighbours'
            log.exception("page-broke", extra={"page": found.id})
            return Retry("page-broke", f"{type(error).__name__}: {error}"[:300])
        return end.outcome

    async def _page(self, found: FoundPage, traceparent: str) -> _End:
        patience = self.settings.page_budget - self.settings.fetch_deadline
        try:
            fetched, first = await self._read(found, found.url, patience)
            page, missing = await made_whole(
                first,
                lambda url: self._other(found, url, patience),
                self.settings.page_extraction / 2,
            )
            draft = page_draft(found, fetched.final_url, page)
        except HostBusy:
            return _End(Retry("host-busy", "its host was busy with other pages", blame=False, hold=False))
        except Forbidden as error:
            return _End(Retry(error.reason) if error.retryable else Done(error.reason))
        except (FetchError, UnreadablePage) as error:
            outcome = Retry(error.reason, error.detail) if error.retryable else Done(error.reason)
            return _End(outcome, error.detail)
        except BadUrlError as error:
            return _End(Done("bad-url"), str(error))
        result = (await self.publisher.publish([draft], traceparent))[0]
        return _End(await self._published(found, result), result.detail or missing, result.id)

    async def _read(self, found: FoundPage, url: str, patience: float) -> tuple[Fetched, ExtractedPage]:
        cap = self.settings.page_bytes_max
        fetched = await self.fetcher.fetch(url, patience, byte_cap=cap, accept=PAGE_ACCEPT)
        await self.archive.keep(fetched, found.source)
        return fetched, await self.extract(fetched, found)

    async def _other(self, found: FoundPage, url: str, patience: float) -> ExtractedPage:
        return (await self._read(found, url, patience))[1]

    async def _published(self, found: FoundPage, result: Result) -> Outcome:
        if result.fate is Fate.INVALID:
            return Dead("invalid-article", result.detail)
        if result.fate is Fate.CAPPED:
            # Forgetting what the feed said lets its next poll find the page again.
            lifetime, partitions = self.settings.registry_seconds, self.settings.partitions
            await forget_feed(self.redis(), partitions, found.id, found.source.feed or "", lifetime)
        return Done(result.fate.value)

    async def _remember(self, found: FoundPage, end: _End) -> None:
        reason = "" if isinstance(end.outcome, Publish) else end.outcome.reason
        fetch = Fetch(int(time.time()), word(end.outcome), reason)
        step = Step(found.id, found.url, fetch, end.detail, end.article)
        await record_step(self.redis(), self.settings.partitions, step, self.settings.registry_seconds)
        if isinstance(end.outcome, Done | Dead):
            counts = {accounts.PAGE + reason: 1}
            await accounts.count(self.redis(), found.source.feed or "", fetch.at * 1000, counts)

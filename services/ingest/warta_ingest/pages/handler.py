"""A page that was found: wait for its host, fetch, extract, publish; one outcome each."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from redis.exceptions import RedisError

from warta_ingest.extraction import ExtractedPage
from warta_ingest.fetcher import PAGE_ACCEPT, Fetched, Fetcher, FetchError
from warta_ingest.pages.draft import page_draft
from warta_ingest.pages.found import FoundPage
from warta_ingest.pages.host_gate import HostGate
from warta_ingest.pages.unreadable import UnreadablePage
from warta_ingest.registry.journey import Step, record
from warta_ingest.registry.publisher import ArticlePublisher, Fate, Result, TooBusy
from warta_ingest.settings import IngestSettings
from warta_shared.delivery.broker import Redis
from warta_shared.delivery.names import key, partition_of
from warta_shared.delivery.outcome import Dead, Done, Message, Outcome, Retry
from warta_shared.delivery.publish import NotReplicated
from warta_shared.events import InvalidMessage, decode_event

Extract = Callable[[Fetched, FoundPage], Awaitable[ExtractedPage]]


@dataclass(frozen=True, slots=True)
class PageHandler:
    """The handler of the fetch hop. `extract` raises UnreadablePage."""

    redis: Callable[[], Redis]
    fetcher: Fetcher
    extract: Extract
    publisher: ArticlePublisher
    gate: HostGate
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
            outcome, article = await self._page(found)
            await self._remember(found, outcome, article)
        except (RedisError, OSError, NotReplicated, TooBusy) as error:
            return Retry("redis-away", f"{type(error).__name__}: {error}"[:300], blame=False)
        return outcome

    async def _page(self, found: FoundPage) -> tuple[Outcome, str]:
        """The outcome, and the id of the article that the page led to ('' for none)."""
        try:
            async with asyncio.timeout(self.settings.page_budget), self.gate.turn(found.url):
                fetched = await self.fetcher.fetch(
                    found.url, byte_cap=self.settings.page_bytes_max, accept=PAGE_ACCEPT
                )
        except TimeoutError:
            return Retry("host-busy", "its host was busy with other pages", blame=False), ""
        except FetchError as error:
            return (Retry(error.reason, error.detail) if error.retryable else Done(error.reason)), ""
        try:
            page = await self.extract(fetched, found)
        except UnreadablePage as error:
            return (Retry(error.reason, error.detail) if error.retryable else Done(error.reason)), ""
        draft = page_draft(found, fetched.final_url, page)
        result = (await self.publisher.publish([draft]))[0]
        return await self._published(found, result), result.id

    async def _published(self, found: FoundPage, result: Result) -> Outcome:
        if result.fate is Fate.INVALID:
            return Dead("invalid-article", result.detail)
        if result.fate is Fate.CAPPED:
            # Forgetting what the feed said lets its next poll find the page again.
            partition = partition_of(found.id, self.settings.partitions)
            await self.redis().unlink(key("page", partition, found.id, found.source.feed or ""))
        return Done(result.fate.value)

    async def _remember(self, found: FoundPage, outcome: Outcome, article: str) -> None:
        reason = getattr(outcome, "reason", "")
        step = Step(
            page=found.id,
            url=found.url,
            feed=found.source.feed or "",
            outcome=reason,
            at=time.time_ns() // 1_000_000,
            detail=getattr(outcome, "detail", ""),
            article=article,
        )
        await record(self.redis(), self.settings.partitions, [step], self.settings.registry_seconds)

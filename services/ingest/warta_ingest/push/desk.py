"""What every way into the push API does: look at the key, ask whether there is room, check, publish."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from starlette.requests import Request

from warta_ingest.draft import Draft
from warta_ingest.push.answering import AGAIN_SECONDS, answering
from warta_ingest.push.key_ring import KeyRing
from warta_ingest.push.keys import Holder
from warta_ingest.push.problem import Problem
from warta_ingest.push.rate import WINDOW_SECONDS, Allowance, RateLimit
from warta_ingest.push.results import Told, draft_or_refusal, told
from warta_ingest.registry.publisher import Abandoned, ArticlePublisher, never
from warta_ingest.settings import IngestSettings
from warta_shared.delivery.client import Redis
from warta_shared.events.traceparent import read_traceparent
from warta_shared.telemetry import metrics

log = logging.getLogger(__name__)

# The objects of a body take many times its bytes: only so many bodies are objects at once.
PARSED_AT_ONCE = 2
# Twice the time in which a key gets all its articles of a minute.
TURN_SECONDS = 2.0 * WINDOW_SECONDS


Refusal = Callable[[], Awaitable[str]]


class Desk:
    """`refusal` names why nothing may be published now ('' when it may)."""

    def __init__(
        self,
        settings: IngestSettings,
        redis: Callable[[], Redis],
        publisher: ArticlePublisher,
        refusal: Refusal,
    ) -> None:
        self.keys = KeyRing(redis, settings.push_keys.get_secret_value())
        self.rate = RateLimit(redis, settings.push_articles_per_minute)
        self.parsing = asyncio.Semaphore(PARSED_AT_ONCE)
        self._publisher = publisher
        self._refusal = refusal

    async def holder(self, request: Request) -> Holder:
        """Whose key a request shows; raises Problem 401 or 503."""
        holder = await self.keys.holder(request.headers.get("authorization"))
        await self.keys.note_use(holder)
        return holder

    async def room(self) -> None:
        """Whether articles may be published now; raises Problem 503."""
        if reason := await self._refusal():
            detail = f"Waiting for the system to catch up ({reason})."
            raise Problem(503, detail, retry_after=AGAIN_SECONDS)

    async def count(self, holder: Holder, articles: int) -> Allowance:
        """Count articles against a key; raises Problem 429 or 503."""
        with answering():
            allowance = await self.rate.ask(holder, articles)
            allowance.require()
        return allowance

    async def turn(self, holder: Holder, articles: int) -> None:
        """Count articles against a key, and wait for them; raises Problem 429 where others take them all, or 503."""
        patience = TURN_SECONDS
        while True:
            with answering():
                allowance = await self.rate.ask(holder, articles)
            if allowance.wait > patience:
                allowance.require()
            if not allowance.wait:
                return
            await asyncio.sleep(allowance.wait)
            patience -= allowance.wait

    async def results(
        self, request: Request, holder: Holder, items: Sequence[Any], abandoned: Abandoned = never
    ) -> list[Told]:
        """Check and publish items; a result for each. Raises Problem 503.

        `abandoned` tells whether the client has gone: then nothing more is published.
        """
        async with self.parsing:
            drafts = await asyncio.to_thread(lambda: [draft_or_refusal(item, holder) for item in items])
        published = await self.publish(
            request, holder, [draft for draft in drafts if isinstance(draft, Draft)], abandoned
        )
        results = told(drafts, published)
        self.account(holder, results)
        return results

    async def publish(
        self, request: Request, holder: Holder, drafts: Sequence[Draft], abandoned: Abandoned = never
    ) -> list[Any]:
        """The registry's results; raises Problem 503."""
        parent = read_traceparent(request.headers.get("traceparent", ""))
        with answering():
            return await self._publisher.publish(drafts, parent, holder.may_push, abandoned)

    def account(self, holder: Holder, results: Sequence[Told]) -> None:
        """Count and log what became of articles."""
        counts = Counter(result["status"] for result in results)
        for status, number in counts.items():
            metrics.PUSHED.labels(status).inc(number)
        log.info("pushed", extra={"key": holder.name, "key_id": holder.id, "articles": counts})

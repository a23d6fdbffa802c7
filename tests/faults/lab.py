"""The real delivery and the real writer in this process, on a real Redis and Elasticsearch, so that a test can take
a part out and see whether the oracle notices.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import orjson

from drafts import settings as ingest_settings
from faults.ledger import Article, Ledger
from faults.oracle import Verdict, judge
from warta_index.canary import CanaryWatch
from warta_index.connection import Connection, Reply
from warta_index.handler import IndexHandler
from warta_index.writer import BulkLimits, BulkWriter
from warta_ingest.push.results import pushed_draft
from warta_ingest.registry.publisher import ArticlePublisher
from warta_shared.delivery.backlog import backlog
from warta_shared.delivery.client import Redis
from warta_shared.delivery.commit import Received
from warta_shared.delivery.dead_letters import dead_letters
from warta_shared.delivery.delivery import Delivery
from warta_shared.delivery.groups import ensure_groups
from warta_shared.delivery.hop import ENRICH, INDEX, Hop
from warta_shared.delivery.outcome import Handler, Message, Outcome, Publish
from warta_shared.delivery.reclaim import reclaim
from warta_shared.delivery.trim import trim
from warta_shared.events import EnrichedArticle, RawArticle, decode_event
from warta_shared.events.article import Enrichment
from warta_shared.settings import DeliverySettings

BATCH = 10
LIMITS = BulkLimits(request_timeout=3.0, deadline=0.5)
TIMES = {"min_idle": 1.0, "batch_timeout": 0.9, "batch_size": BATCH}
BUSY = {"index": {"status": 429, "error": {"type": "es_rejected_execution_exception", "reason": "full"}}}


class Crash(BaseException):
    """The process is gone: nothing that follows in it happens."""


class Worker:
    """One consumer of a hop: reads as a subscriber does, then the product's own delivery."""

    def __init__(self, broker: Any, hop: Hop, handler: Handler, settings: DeliverySettings) -> None:
        self.delivery = Delivery(broker, hop, handler, settings)
        self.dead = False

    async def round(self) -> None:
        """Read and settle one batch; a crash ends the worker for good."""
        delivery, hop = self.delivery, self.delivery.hop
        streams = {hop.source_key(None): ">"}
        answer = await delivery.redis.xreadgroup(hop.name, delivery.consumer, streams, count=BATCH)
        for _, entries in answer.items() if isinstance(answer, dict) else answer:
            received = [Received(entry_id, fields) for entry_id, fields in _flat(entries)]
            try:
                await self.take(received)
            except Crash:
                self.dead = True

    async def take(self, received: Sequence[Received]) -> None:
        """What becomes of a batch; a test may put a flaw here."""
        await self.delivery.run_batch(None, received)

    async def reclaim(self) -> None:
        """The round of the reclaimer; a test may take it away."""
        await reclaim(self.delivery)


def _flat(entries: Any) -> list[Any]:
    return entries[0] if entries and isinstance(entries[0], list) else entries


class Lab:
    """articles.raw -> a simple enrichment -> articles.enriched -> Elasticsearch, round by round."""

    def __init__(
        self, broker: Any, redis: Redis, redis_url: str, elasticsearch: Connection, ledger: Ledger
    ) -> None:
        self.redis, self.ledger = redis, ledger
        self.settings = DeliverySettings(redis_url=redis_url, **TIMES)
        self.elasticsearch = elasticsearch
        self._broker = broker
        self._publisher = ArticlePublisher(lambda: redis, ingest_settings(redis_url=redis_url))
        self.enrich = Worker(broker, ENRICH, enriched, self.settings)
        self.index = self.new_index_worker()

    def new_index_worker(self, wrapped: Callable[[Handler], Handler] = lambda handler: handler) -> Worker:
        """As the index service builds it; its handler may be wrapped."""
        writer = BulkWriter(self.elasticsearch, LIMITS)
        return Worker(
            self._broker, INDEX, wrapped(IndexHandler(writer, CanaryWatch(self.elasticsearch))), self.settings
        )

    async def push(self, articles: Sequence[Article]) -> None:
        """As the push API does it."""
        results = await self._publisher.publish([pushed_draft(one) for one in articles])
        told = [{"id": one.id, "status": one.fate.value, "revision": one.revision} for one in results]
        self.ledger.accept(told, articles)

    async def settle(self, seconds: float) -> None:
        """Rounds until nothing waits, or the time is up."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends and await self.waiting():
            await self.enrich.round()
            await self.index.round()
            await self.enrich.reclaim()
            await self.index.reclaim()
            await asyncio.sleep(0.02)
        for hop in (ENRICH, INDEX):
            await trim(self.redis, hop.source, 0)

    async def waiting(self) -> int:
        """Messages that are not settled."""
        return sum([(await backlog(self.redis, hop, 0)).total for hop in (ENRICH, INDEX)])

    async def verdict(self) -> Verdict:
        """The oracle's word."""
        query = {"size": 10_000, "query": {"term": {"extensions.seed": str(self.ledger.seed)}}}
        await self.elasticsearch.ask("POST", "/articles-v1/_refresh")
        reply = await self.elasticsearch.ask("POST", "/articles-v1/_search", query)
        documents = [hit["_source"] for hit in reply.json()["hits"]["hits"]]
        dead = [one.letter.article_id async for one in dead_letters(self.redis, 0) if one.letter]
        return judge(self.ledger, documents, dead)

    async def prepare(self) -> None:
        """The groups, as a service makes them at its start."""
        await ensure_groups(self.redis, (ENRICH, INDEX), 0)


async def enriched(messages: Sequence[Message]) -> list[Outcome]:
    """The least enrichment that the index takes."""
    return [Publish(replace(message.entry, body=_enriched(message))) for message in messages]


def _enriched(message: Message) -> bytes:
    raw = decode_event(message.entry, RawArticle)
    added = {"language": "und", "language_confidence": 0.0, "enrichment": Enrichment(version="lab")}
    return EnrichedArticle(**raw.model_dump(), **added).model_dump_json().encode()


def crashing(handler: Handler, *, after: bool) -> Handler:
    """The handler of a worker that is killed in its first batch, before or `after` its work."""

    async def handle(messages: Sequence[Message]) -> Sequence[Outcome]:
        if after:
            await handler(messages)
        raise Crash

    return handle


class BusyElasticsearch(Connection):
    """Elasticsearch whose queue is full for `busy` requests: each item is refused by itself."""

    busy = 0

    async def request(self, method: str, target: str, body: bytes | None = None, **options: Any) -> Reply:
        if not self.busy or "_bulk" not in target or body is None:
            return await super().request(method, target, body, **options)
        self.busy -= 1
        return Reply(200, orjson.dumps({"errors": True, "items": [BUSY] * (body.count(b"\n") // 2)}))


async def scenario(
    lab: Lab, between: Callable[[], Awaitable[None]] | None = None, seconds: float = 15.0
) -> Verdict:
    """Two index workers die in their first batch, before and after the bulk request; then edits, and a full queue."""
    await lab.prepare()
    await lab.push(lab.ledger.next_batch(3 * BATCH))
    while await backlogged(lab, ENRICH):
        await lab.enrich.round()
    for after in (False, True):
        doomed = lab.new_index_worker(lambda handler, after=after: crashing(handler, after=after))
        doomed.take = type(lab.index).take.__get__(doomed)  # type: ignore[method-assign]
        await doomed.round()
        assert doomed.dead
    if between:
        await between()
    await lab.push(lab.ledger.next_batch(5, edits=15))
    if isinstance(lab.elasticsearch, BusyElasticsearch):
        lab.elasticsearch.busy = 3
    with suppress(Crash):
        await lab.settle(seconds)
    return await lab.verdict()


async def backlogged(lab: Lab, hop: Hop) -> int:
    """Messages of one hop that are not settled."""
    return (await backlog(lab.redis, hop, 0)).total

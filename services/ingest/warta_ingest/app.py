"""feeds -> poll -> pages.found -> fetch -> articles.raw, and the push API -> articles.raw."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from warta_ingest.archive.page_archive import PageArchive
from warta_ingest.canary import canary_loops
from warta_ingest.fetcher import Fetcher
from warta_ingest.pages.handler import PageHandler
from warta_ingest.parser_pool import ParserPool
from warta_ingest.politeness import PoliteFetcher, Politeness
from warta_ingest.poll.fetching import FeedFetching
from warta_ingest.poll.polling import build_poller
from warta_ingest.poll.round import PollRound
from warta_ingest.poll.watch import FeedsWatch
from warta_ingest.poll.whole_articles import WholeArticles
from warta_ingest.push.api import push_api
from warta_ingest.reading import feed_reader, page_reader, text_reader
from warta_ingest.registry.publisher import ArticlePublisher
from warta_ingest.settings import IngestSettings
from warta_shared.delivery.backlog import REFUSALS, refusal
from warta_shared.delivery.broker import connection, make_broker
from warta_shared.delivery.client import Redis
from warta_shared.delivery.delivery import Delivery
from warta_shared.delivery.hop import FETCH
from warta_shared.delivery.upkeep import Loop
from warta_shared.service import Service
from warta_shared.telemetry import metrics

POLL_EVERY_SECONDS = 1.0
REFUSAL_HOLDS_SECONDS = 1.0


def build_service(settings: IngestSettings) -> Service:
    """The ingest service."""
    broker = make_broker(settings, graceful_seconds=settings.page_batch_timeout)

    def redis() -> Redis:
        return connection(broker)

    def clock() -> int:
        return time.time_ns() // 1_000_000

    fetcher = Fetcher(settings.fetcher_options)
    pool = ParserPool(settings.parser_workers)
    publisher = ArticlePublisher(redis, settings, clock)
    may_publish = _remembered(lambda: refusal(redis(), settings))
    whole = WholeArticles(publisher, text_reader(pool))
    polite = Politeness(redis, fetcher, settings, clock)
    fetching = FeedFetching(PoliteFetcher(fetcher, polite, robots=False), feed_reader(pool), settings)
    poller = build_poller(redis, fetching, whole, settings, clock)
    archive = PageArchive(settings.archive_folder, settings.archive_file_bytes)
    pages = PoliteFetcher(fetcher, polite)
    handler = PageHandler(redis, pages, page_reader(pool), publisher, archive, settings)
    polls = PollRound(poller, settings.feeds_file, may_publish)
    return Service(
        "ingest",
        broker,
        [Delivery(broker, FETCH, handler, _page_delivery(settings))],
        settings,
        readers=settings.page_readers,
        application=push_api(settings, redis, publisher, may_publish),
        loops=[
            Loop("poll", POLL_EVERY_SECONDS, polls),
            Loop("feeds-watch", settings.feeds_watch, FeedsWatch(redis, clock)),
            *canary_loops(redis, settings),
        ],
        resources=[fetcher, pool, archive, polls],
    )


def _page_delivery(settings: IngestSettings) -> IngestSettings:
    """Pages are slow and strangers' servers fail in crowds: smaller batches, longer waits, a wider brake."""
    return settings.model_copy(
        update={
            "batch_size": settings.page_batch,
            "batch_timeout": settings.page_batch_timeout,
            "min_idle": settings.page_min_idle,
            "max_deliveries": settings.page_tries,
            "max_dead_letters_per_minute": 20 * settings.max_dead_letters_per_minute,
        }
    )


def _remembered(ask: Callable[[], Awaitable[str]]) -> Callable[[], Awaitable[str]]:
    """The answer, asked for at most once a second: each push would otherwise ask Redis for its backlog."""
    lock = asyncio.Lock()
    answer, good_until = "", 0.0

    async def remembered() -> str:
        nonlocal answer, good_until
        async with lock:
            if time.monotonic() >= good_until:
                answer = await ask()
                for reason in REFUSALS:
                    metrics.PRODUCERS_WAIT.labels(reason).set(reason == answer)
                good_until = time.monotonic() + REFUSAL_HOLDS_SECONDS
        return answer

    return remembered

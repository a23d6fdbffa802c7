"""Waiting until every article of the newsroom has come to its end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from warta_index.query import Question, Shown
from warta_index.search import SearchError, search
from warta_local.demo.connections import Servers
from warta_local.newsroom import Outcome, expected_articles
from warta_shared.delivery.dead_letters import dead_letters

POLL_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Progress:
    """What has arrived: documents, documents in a second revision, dead letters."""

    documents: int = 0
    revised: int = 0
    dead: int = 0


def expected_progress() -> Progress:
    """What the newsroom must lead to, its one edit included."""
    articles = expected_articles(edited=True)
    published = [article for article in articles if article.outcome is Outcome.PUBLISHED]
    return Progress(
        documents=len(published),
        revised=sum(article.revision > 1 for article in published),
        dead=sum(article.outcome is Outcome.SERVER_ERROR for article in articles),
    )


async def wait_for_arrival(servers: Servers, seconds: float, tell: Callable[[Progress], None]) -> bool:
    """Whether everything has arrived within so many seconds; `tell` is called with each look."""
    expected, deadline = expected_progress(), time.monotonic() + seconds
    while True:
        found = await _look(servers)
        tell(found)
        if found == expected:
            return True
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(POLL_SECONDS)


async def _look(servers: Servers) -> Progress:
    try:
        found = await search(servers.elasticsearch, Question(size=1_000, shown=Shown.ALL))
    except SearchError:
        return Progress()
    dead = [filed async for filed in dead_letters(servers.redis, 0)]
    revised = sum(hit.article["revision"] > 1 for hit in found.hits)
    return Progress(documents=found.total, revised=revised, dead=len(dead))

"""A canary every few minutes: one article, each time in a new revision, onto the way that all news goes.

It has one id, so that documents do not pile up, and a source of its own, by which `articles` leaves it out.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime

from redis.exceptions import RedisError

from warta_ingest.draft import Draft
from warta_ingest.registry.publisher import ArticlePublisher, TooBusy
from warta_ingest.sameness.ids import external_article_id
from warta_ingest.settings import IngestSettings
from warta_shared.canary import EXTERNAL_ID, SOURCE
from warta_shared.delivery.client import Redis
from warta_shared.delivery.names import key
from warta_shared.delivery.publish import NotReplicated
from warta_shared.delivery.upkeep import Loop
from warta_shared.events.article import PublishedSource, Source
from warta_shared.telemetry import metrics

log = logging.getLogger(__name__)

# Of all replicas, who sends the next one.
TURN = key("canary", None, "turn")
TITLE = "Warta canary"
BODY = "This article comes from Warta itself, sent at {}. It goes the way of all news, to see how long that takes."
# The cap is against pages that flicker.
REVISIONS_PER_HOUR = 10_000


def canary_draft(now: datetime) -> Draft:
    """The canary of that moment, which its text names: it is a new revision each time."""
    return Draft(
        id=external_article_id(SOURCE, EXTERNAL_ID),
        title=TITLE,
        body=BODY.format(now.isoformat()),
        source=Source(id=SOURCE, name=TITLE),
        published_at=now,
        published_source=PublishedSource.PUSH,
        language_hint="en",
    )


def canary_loops(redis: Callable[[], Redis], settings: IngestSettings) -> list[Loop]:
    """The loop that sends it; none where the settings want none."""
    metrics.CANARY_INTERVAL.set(settings.canary_seconds)
    if not settings.canary_seconds:
        return []
    return [Loop("canary", settings.canary_seconds, Canary(redis, settings))]


class Canary:
    """Called every `canary_seconds` by each replica; one of them sends it."""

    def __init__(self, redis: Callable[[], Redis], settings: IngestSettings) -> None:
        uncapped = settings.model_copy(update={"max_revisions_per_hour": REVISIONS_PER_HOUR})
        self._publisher = ArticlePublisher(redis, uncapped)
        self._redis = redis
        # A little less than the interval: the replica that had it last may have it again.
        self._milliseconds = int(settings.canary_seconds * 900)
        self._started = False

    async def __call__(self) -> None:
        """Send it, but not at the start: a service that starts again and again is no sign of life."""
        if not self._started:
            self._started = True
            return
        try:
            if await self._redis().set(TURN, b"1", nx=True, px=self._milliseconds):
                await self._publisher.publish([canary_draft(datetime.now(UTC))])
                metrics.CANARY_SENT.inc()
        except (RedisError, OSError, NotReplicated, TooBusy) as error:
            # That it does not arrive tells more than a service that is not ready for its sake.
            log.warning("canary-not-sent", extra={"error": f"{type(error).__name__}: {error}"[:300]})

"""One round of polling: keep the schedule in step with the feeds, lease what is due, poll it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Self

from redis.exceptions import RedisError

from warta_ingest.feeds import Feed, FeedsFileError, load_feeds, store
from warta_ingest.poll import children, state
from warta_ingest.poll.poller import Poller
from warta_ingest.poll.schedule import claim, set_next, synchronise
from warta_ingest.registry.publisher import TooBusy
from warta_shared.delivery.publish import NotReplicated
from warta_shared.telemetry import metrics

log = logging.getLogger(__name__)

# A feed that another replica has added since we looked is left to that replica for so long.
UNKNOWN_SECONDS = 10.0
NEVER = -1

FileMark = tuple[int, int, int]


class PollRound:
    """Called again and again; leaving it ends the polls that still run.

    A poll outlives its round, so that a slow feed holds up no other; no feed is polled twice at once here.
    `refusal` names why producers must wait ('' when they may publish).
    """

    def __init__(
        self, poller: Poller, feeds_file: Path | None, refusal: Callable[[], Awaitable[str]]
    ) -> None:
        self._poller = poller
        self._file = feeds_file
        self._refusal = refusal
        self._waiting_for = ""
        self._read: FileMark | None = None
        self._revision = NEVER
        self._feeds: dict[str, Feed] = {}
        self._running: dict[str, asyncio.Task[None]] = {}

    @property
    def running(self) -> set[str]:
        """The feeds that are being polled here now."""
        return set(self._running)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        polls = list(self._running.values())
        for poll in polls:
            poll.cancel()
        await asyncio.gather(*polls, return_exceptions=True)

    async def __call__(self) -> None:
        """Begin the polls that are due now; late polls run late, none is skipped."""
        await self._store_file()
        await self._follow_store()
        settings = self._poller.settings
        free = settings.polls_at_once - len(self._running)
        if not self._feeds or free <= 0 or await self._must_wait():
            return
        now = self._poller.clock()
        for feed_id, due in (await claim(self._poller.redis(), now, settings.poll_lease, free)).items():
            if feed_id not in self._running:
                if due:  # 0 is `now`, by command
                    metrics.POLL_DRIFT.observe(max(0, now - due) / 1000)
                self._begin(feed_id)

    async def _must_wait(self) -> bool:
        reason = await self._refusal()
        if reason and reason != self._waiting_for:
            log.warning("polling-waits", extra={"reason": reason})
        self._waiting_for = reason
        return bool(reason)

    def _begin(self, feed_id: str) -> None:
        task = asyncio.create_task(self._poll(feed_id), name=f"poll {feed_id}")
        self._running[feed_id] = task
        task.add_done_callback(lambda _: self._running.pop(feed_id))

    async def _poll(self, feed_id: str) -> None:
        """One poll; where it breaks, the lease runs out and the feed is polled again, here or elsewhere."""
        poller = self._poller
        feed = self._feeds.get(feed_id)
        try:
            async with asyncio.timeout(poller.settings.poll_lease):
                if feed is None:
                    again = poller.clock() + int(UNKNOWN_SECONDS * 1000)
                    await set_next(poller.redis(), feed_id, again)
                    return
                outcome = await poller.poll(feed)
        except (RedisError, OSError, NotReplicated, TooBusy) as error:
            metrics.POLLS.labels("left-to-lease").inc()
            reason = f"{type(error).__name__}: {error}"[:300]
            log.warning("poll-left-to-lease", extra={"feed": feed_id, "error": reason})
        except Exception:
            metrics.POLLS.labels("broke").inc()
            log.exception("poll-broke", extra={"feed": feed_id})
        else:
            log.info("polled", extra={"feed": feed_id, "outcome": outcome})

    async def _store_file(self) -> None:
        """Bring a feeds file that has changed into the store; a broken one leaves the last good one in force."""
        if self._file is None or (mark := _mark(self._file)) == self._read:
            return
        try:
            feeds = await asyncio.to_thread(load_feeds, self._file)
        except FeedsFileError as error:
            self._read = mark  # the complaint is made once for each change
            log.warning("feeds-file-refused", extra={"error": str(error)[:1_000]})
            return
        redis = self._poller.redis()
        _, known = await store.stored_feeds(redis)
        for feed_id in known.keys() & {feed.id for feed in feeds}:
            if known[feed_id].origin is store.Origin.COMMAND:
                log.warning("feed-now-of-the-file", extra={"feed": feed_id})
        await store.change(redis, store.of_file(known, feeds))
        self._read = mark
        log.info("feeds-file-read", extra={"feeds": len(feeds)})

    async def _follow_store(self) -> None:
        """Take up what changed in the store: who is polled, and at once what was edited."""
        redis = self._poller.redis()
        if await store.revision(redis) == self._revision:
            return
        revision, stored = await store.stored_feeds(redis)
        if revision < self._revision:  # Redis lost its memory: what the file declares is brought again
            self._read = None
        enabled = {feed_id: known.feed for feed_id, known in stored.items() if known.feed.enabled}
        now = self._poller.clock()
        for feed_id in await synchronise(redis, enabled, now):
            await state.forget(redis, feed_id)
            await children.forget(redis, feed_id)
        for feed_id in await self._edited(enabled):
            await set_next(redis, feed_id, now)
        self._revision, self._feeds = revision, enabled
        log.info("feeds-read", extra={"feeds": len(enabled), "revision": revision})

    async def _edited(self, feeds: Mapping[str, Feed]) -> list[str]:
        """Feeds that are others than before: when we saw them last or, after a start, when they were polled."""
        if self._revision != NEVER:
            before = self._feeds
            return [one for one, feed in feeds.items() if one in before and before[one] != feed]
        states = await state.load_many(self._poller.redis(), feeds)
        return [one for one, feed in feeds.items() if states[one].url not in ("", feed.url)]


def _mark(file: Path) -> FileMark:
    """What differs after every change of the file; also for none."""
    try:
        found = file.stat()
    except OSError:
        return (0, 0, 0)
    return (found.st_mtime_ns, found.st_size, found.st_ino)

"""One round of polling: keep the schedule in step with the feeds file, lease what is due, poll it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Self

from redis.exceptions import RedisError

from warta_ingest.feeds import Feed, FeedsFileError, load_feeds
from warta_ingest.poll import state
from warta_ingest.poll.poller import Poller
from warta_ingest.poll.schedule import claim, set_next, synchronise
from warta_ingest.registry.publisher import TooBusy
from warta_shared.delivery.publish import NotReplicated
from warta_shared.telemetry import metrics

log = logging.getLogger(__name__)

# A feed that another replica's newer feeds file added is left to that replica for so long.
UNKNOWN_SECONDS = 10.0

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
        await self._follow_file()
        settings = self._poller.settings
        free = settings.polls_at_once - len(self._running)
        if not self._feeds or free <= 0 or await self._must_wait():
            return
        for feed_id in await claim(self._poller.redis(), self._poller.clock(), settings.poll_lease, free):
            if feed_id not in self._running:
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

    async def _follow_file(self) -> None:
        """Read the feeds file again when it has changed; a broken one leaves the last good one in force."""
        if self._file is None or (mark := _mark(self._file)) == self._read:
            return
        try:
            feeds = await asyncio.to_thread(load_feeds, self._file)
        except FeedsFileError as error:
            self._read = mark  # the complaint is made once for each change
            log.warning("feeds-file-refused", extra={"error": str(error)[:1_000]})
            return
        enabled = {feed.id: feed for feed in feeds if feed.enabled}
        redis = self._poller.redis()
        await state.forget(redis, await synchronise(redis, enabled, self._poller.clock()))
        self._read, self._feeds = mark, enabled
        log.info("feeds-file-read", extra={"feeds": len(enabled)})


def _mark(file: Path) -> FileMark:
    """What differs after every change of the file; also for none."""
    try:
        found = file.stat()
    except OSError:
        return (0, 0, 0)
    return (found.st_mtime_ns, found.st_size, found.st_ino)

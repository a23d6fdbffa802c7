"""One round of polling: keep the schedule in step with the feeds file, lease what is due, poll it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

from warta_ingest.feeds import Feed, FeedsFileError, load_feeds
from warta_ingest.poll.poller import Poller
from warta_ingest.poll.schedule import claim, synchronise

log = logging.getLogger(__name__)


class PollRound:
    """Called again and again; `refusal` names why producers must wait ('' when they may publish)."""

    def __init__(
        self, poller: Poller, feeds_file: Path | None, refusal: Callable[[], Awaitable[str]]
    ) -> None:
        self._poller = poller
        self._file = feeds_file
        self._refusal = refusal
        self._read_at = 0
        self._feeds: dict[str, Feed] = {}

    async def __call__(self) -> None:
        """Poll what is due now; late polls run late, none is skipped."""
        await self._follow_file()
        if not self._feeds:
            return
        if reason := await self._refusal():
            log.warning("polling-waits", extra={"reason": reason})
            return
        settings = self._poller.settings
        due = await claim(
            self._poller.redis(), self._poller.clock(), settings.poll_lease, settings.polls_at_once
        )
        await asyncio.gather(*(self._poll(feed_id) for feed_id in due))

    async def _poll(self, feed_id: str) -> None:
        feed = self._feeds.get(feed_id)
        if feed is None:
            return
        try:
            async with asyncio.timeout(self._poller.settings.poll_lease):
                outcome = await self._poller.poll(feed)
        except Exception:  # its lease runs out and it is polled again, here or by another replica
            log.exception("poll-broke", extra={"feed": feed_id})
        else:
            log.info("polled", extra={"feed": feed_id, "outcome": outcome})

    async def _follow_file(self) -> None:
        """Read the feeds file again when it has changed; a broken one leaves the last good one in force."""
        if self._file is None:
            return
        try:
            written = self._file.stat().st_mtime_ns
        except OSError:
            written = -1
        if written == self._read_at:
            return
        self._read_at = written  # also when it is refused: the complaint is made once for each change
        try:
            feeds = load_feeds(self._file)
        except FeedsFileError as error:
            log.warning("feeds-file-refused", extra={"error": str(error)[:1_000]})
            return
        enabled = {feed.id: feed for feed in feeds if feed.enabled}
        try:
            await synchronise(self._poller.redis(), enabled, self._poller.clock())
        except BaseException:
            self._read_at = 0
            raise
        self._feeds = enabled
        log.info("feeds-file-read", extra={"feeds": len(enabled)})

"""FastStream's reads, watched and tamed: two commands of its subscribers pass through here.

XGROUP CREATE, which it sends when it starts: it would make a missing group at `$`, past what waits already, and
it fails when memory is full, also for a group that exists. groups.py has made the groups, so it is answered.
XREADGROUP: after an error answer (READONLY, NOREPLICAS, MISCONF, NOPERM) FastStream reads again at once, some
250 times a second; here it waits first. NOGROUP passes: FastStream then ends the application.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from redis.exceptions import ResponseError

from warta_shared.delivery.client import Redis

log = logging.getLogger(__name__)

REFUSED_READ_SECONDS = 1.0


@dataclass(slots=True)
class Reads:
    """How a hop's reads go, by stream: when its reader last showed that it lives, and what its last failure said.

    A reader that waits for a server with its batch in hand lives as one does that asks.
    """

    alive: dict[str, float] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)

    def lives(self, stream: str) -> None:
        """The reader of this stream is not stuck."""
        self.alive[stream] = time.monotonic()

    def silence(self, now: float) -> float:
        """Seconds of the reader that showed nothing for longest; 0 before the first read."""
        return now - min(self.alive.values(), default=now)

    def problem(self) -> str:
        """The last failure of a stream whose reads fail now; '' when all succeed."""
        return next(iter(self.failures.values()), "")


def tame_reads(redis: Redis, reads: Mapping[str, Reads]) -> None:
    """Put ourselves between FastStream and its client; `reads` by consumer group."""
    read_group = redis.xreadgroup

    async def made_already(*_arguments: Any, **_options: Any) -> bool:
        return True

    async def read(groupname: str, consumername: str, streams: Mapping[str, str], **options: Any) -> Any:
        stream, hop = next(iter(streams)), reads[groupname]
        hop.lives(stream)
        try:
            answer = await read_group(groupname, consumername, streams, **options)
        except Exception as error:
            hop.failures[stream] = f"{type(error).__name__}: {error}"[:200]
            if isinstance(error, ResponseError) and "NOGROUP" not in str(error):
                log.warning("read-refused", extra={"stream": stream, "error": str(error)[:300]})
                await asyncio.sleep(REFUSED_READ_SECONDS)
            raise
        hop.failures.pop(stream, None)
        return answer

    redis.xgroup_create = made_already
    redis.xreadgroup = read

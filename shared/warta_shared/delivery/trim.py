"""Trimming by what was read and settled (XTRIM MINID), never by length: MAXLEN drops unread entries silently."""

from __future__ import annotations

import time

from warta_shared.delivery import scripts
from warta_shared.delivery.client import Redis
from warta_shared.delivery.groups import expected_groups
from warta_shared.delivery.names import partitions, stream


async def trim(redis: Redis, stream_name: str, count: int, replay_window: float = 0.0) -> int:
    """Remove settled entries older than `replay_window` seconds; returns how many were removed.

    A stream that lacks an expected group is left alone: that group has read nothing yet.
    """
    keep_from = f"{max(0, int((time.time() - replay_window) * 1000))}-0" if replay_window else ""
    removed = 0
    for partition in partitions(count):
        arguments = [keep_from, *expected_groups(stream_name)]
        removed += max(0, await scripts.run(redis, "trim", [stream(stream_name, partition)], arguments))
    return removed

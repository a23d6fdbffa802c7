"""Consumers of processes that are gone: removed when they hold nothing and have been silent for long."""

from __future__ import annotations

from warta_shared.delivery import scripts
from warta_shared.delivery.delivery import Delivery
from warta_shared.delivery.names import partitions

FORGET_AFTER_SECONDS = 3_600.0


async def forget_consumers(delivery: Delivery, after: float = FORGET_AFTER_SECONDS) -> int:
    """Remove dead consumers of this hop in every partition; `after` in seconds. Returns how many."""
    removed = 0
    for partition in partitions(delivery.settings.partitions):
        arguments = [delivery.hop.name, str(int(after * 1000)), delivery.consumer]
        keys = [delivery.hop.source_key(partition)]
        removed += await scripts.run(delivery.redis, "forget_consumers", keys, arguments)
    return removed

"""What the streams hold of articles: those on their way are no loss, and those kept can be put back."""

from __future__ import annotations

from dataclasses import dataclass, field

from warta_shared.delivery.client import Redis
from warta_shared.delivery.hop import ENRICH, INDEX
from warta_shared.delivery.placed import Placed, placed

# In the order in which articles travel: what moves on meanwhile is seen twice rather than never.
HOPS = (ENRICH, INDEX)


@dataclass(slots=True)
class OnStreams:
    """Ids of articles `on_the_way`; of those that are settled, and kept for a while, where each version lies."""

    on_the_way: set[str] = field(default_factory=set)
    kept: dict[tuple[str, int], Placed] = field(default_factory=dict)


async def on_streams(redis: Redis, partitions: int) -> OnStreams:
    """All of it; raises redis-py's errors."""
    found = OnStreams()
    for hop in HOPS:
        async for one in placed(redis, hop, partitions):
            if not one.settled:
                found.on_the_way.add(one.article)
            elif one.observed_at is not None:
                found.kept[one.article, one.observed_at] = one  # the later stage, where there are two
    return found

"""Who can bring in an article once more whose text is nowhere: services say so by entry point.

The index service finds what is missing, ingest knows where it came from, and no service knows another.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from importlib.metadata import entry_points

from warta_shared.delivery.client import Redis

GROUP = "warta.republishers"

# Of these ids, those that are on their way once more.
Republisher = Callable[[Redis, Sequence[str]], Awaitable[set[str]]]


def republishers() -> list[Republisher]:
    """All that are installed."""
    return [point.load() for point in entry_points(group=GROUP)]

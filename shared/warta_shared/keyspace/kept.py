"""Which keys a backup holds, and in which order they are read and written.

What tells that something was done is read before what it was done to: the state of feeds and runs, then the registry,
then the streams in the direction in which entries move, and the index last. What happens meanwhile is then known too
little rather than too much: it is done once more, and never left out.
"""

from __future__ import annotations

import re
from enum import StrEnum

from warta_shared.delivery.names import DEAD, ENRICHED, PAGES, RAW, key

# Feeds and their state, accounts of days, push keys, stories, how far runs are.
STATE = frozenset(
    (
        "backfill",
        "feed",
        "feed-children",
        "feed-day",
        "feeds",
        "push-keys",
        "push-used",
        "reenrich-run",
        "story",
    )
)
# Records of many small hashes (delivery/markers.py).
RECORDS = frozenset(("reenrich", "registry"))
# Dead letters also first: one that is put back meanwhile is then in one place or the other.
STREAMS = (DEAD, PAGES, RAW, ENRICHED, DEAD)
# Of streams as they are: made anew they are counted anew.
COUNTS = frozenset(f"{name}.settled" for name in (PAGES, RAW, ENRICHED))
# For minutes or hours: politeness towards hosts, log levels, whose turn the canary is, rates and repeated pushes.
FLEETING = frozenset(
    ("canary", "host-down", "host-pause", "host-robots", "host-turn", "log-level", "push-once", "push-rate")
)
# Written last, in this order: who reads them takes what they name for all that there is.
LAST = (key("feeds", None, "declared"), key("feeds", None, "due"))
# A field that counts changes: it must grow, so that those who follow it look again.
COUNTER = b"#revision"

_NAME = re.compile(r"([a-z.-]+?)(?:\.\{[^}]*\})?(?::.*)?", re.DOTALL)


class Part(StrEnum):
    """The files of a backup, in the order in which they are read out of Redis."""

    STATE = "state"
    REGISTRY = "registry"
    STREAMS = "streams"


# The registry before the feeds: what was published must be known before anything is polled.
WRITTEN = (Part.REGISTRY, Part.STREAMS, Part.STATE)


def part_of(name: str) -> Part | None:
    """The part that keys of this name belong to; None for those that no backup holds."""
    if name in STATE:
        return Part.STATE
    if name in RECORDS:
        return Part.REGISTRY
    return Part.STREAMS if name in STREAMS else None


def name_of(spelled: str) -> str:
    """The name that `delivery.names.key` was given."""
    found = _NAME.fullmatch(spelled)
    return found[1] if found else ""

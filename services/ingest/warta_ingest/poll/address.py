"""Which address of a feed is asked: the declared one, or where the server has said for good that it moved."""

from __future__ import annotations

from dataclasses import dataclass

from warta_ingest.fetcher import Fetched

# A move is believed once so many polls in a row saw it; the declared address is asked again once a day.
MOVES_BELIEVED = 3
DECLARED_AGAIN_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Moved:
    """Where the feed was sent to, how often in a row, and when the declared address was last asked (ms)."""

    to: str = ""
    times: int = 0
    declared_asked: int = 0


def address(declared: str, moved: Moved, now: int) -> str:
    """The address to ask now."""
    believed = moved.to and moved.times >= MOVES_BELIEVED
    return moved.to if believed and now - moved.declared_asked < DECLARED_AGAIN_MS else declared


def after_fetch(declared: str, asked: str, moved: Moved, fetched: Fetched, now: int) -> Moved:
    """What is known after an answer; a move from https to http is not followed for good."""
    if asked != declared:
        return moved
    target = fetched.moved_to
    if target is None or any(hop.downgraded for hop in fetched.hops):
        return Moved(declared_asked=now)
    return Moved(target, moved.times + 1 if target == moved.to else 1, now)


def after_failure(declared: str, asked: str, moved: Moved) -> Moved:
    """The new address fails: back to the declared one."""
    return Moved() if asked != declared else moved

"""Which address of a feed is asked: the declared one, or where the server has said for good that it moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from warta_ingest.fetcher import Fetched
from warta_ingest.fetcher.web_address import same_origin, web_address

# A move is believed once so many polls in a row saw it; the declared address is asked again once a day.
MOVES_BELIEVED = 3
DECLARED_AGAIN_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Moved:
    """Where the feed was sent to, how often in a row, and when the declared address was last asked (ms)."""

    to: str = ""
    times: int = 0
    declared_asked: int = 0

    @property
    def believed(self) -> bool:
        """Whether the new address is the feed's."""
        return bool(self.to) and self.times >= MOVES_BELIEVED


def addresses(declared: str, moved: Moved, now: int) -> tuple[str, ...]:
    """The address to ask now, and the one to ask when that fails.

    Nothing is forgotten by a failure: what stands at the declared address may be gone, or be somebody else's.
    """
    if not moved.believed:
        return (declared,)
    due = now - moved.declared_asked >= DECLARED_AGAIN_MS
    return (declared, moved.to) if due else (moved.to, declared)


def after_fetch(declared: str, asked: str, moved: Moved, fetched: Fetched, now: int) -> Moved:
    """What is known after an answer; a move from https to http is not followed for good."""
    if asked != declared:
        # Where the declared address was due, it was asked first and failed.
        due = now - moved.declared_asked >= DECLARED_AGAIN_MS
        return replace(moved, declared_asked=now) if due else moved
    target = fetched.moved_to
    if target is None or any(hop.downgraded for hop in fetched.hops):
        return Moved(declared_asked=now)
    return Moved(target, moved.times + 1 if target == moved.to else 1, now)


def own_headers(headers: Mapping[str, str], declared: str, asked: str) -> Mapping[str, str]:
    """The operator's headers for an address: none for another origin than the declared one, they may be secrets.

    Raises FetchError where an address is none.
    """
    return headers if headers and same_origin(web_address(declared), web_address(asked)) else {}

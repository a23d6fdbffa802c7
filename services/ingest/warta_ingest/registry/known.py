"""The registry's record of one article: a short text that is also the marker of the publish script."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MARKER = re.compile(
    r"(\d{1,9})\.(\d{1,15})\.(\d{1,15})\.(\d{1,9})\.(\d{1,9})\.([0-9a-f]{32})\.([0-9a-f]{8})", re.ASCII
)
_LATEST_MS = 253_402_300_799_999


@dataclass(frozen=True, slots=True)
class Known:
    """The last published version. Instants in ms since 1970; `hour` is hours since 1970, for the revision cap."""

    revision: int
    observed_at: int
    first_seen_at: int
    content_hash: str
    facts_hash: str
    hour: int
    revisions_in_hour: int

    def marker(self) -> str:
        """The record as Redis holds it."""
        numbers = (self.revision, self.observed_at, self.first_seen_at, self.hour, self.revisions_in_hour)
        return ".".join((*map(str, numbers), self.content_hash, self.facts_hash))

    @classmethod
    def from_marker(cls, marker: str) -> Known | None:
        """Read a record; None for '' and for what no release of Warta has written."""
        parts = _MARKER.fullmatch(marker)
        if parts is None:
            return None
        revision, observed_at, first_seen_at, hour, in_hour = map(int, parts.groups()[:5])
        if max(observed_at, first_seen_at) > _LATEST_MS:
            return None
        return cls(revision, observed_at, first_seen_at, parts[6], parts[7], hour, in_hour)

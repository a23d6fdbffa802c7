"""The registry's record of one article: a short text that is also the marker of the publish script."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MARKER = re.compile(
    r"(\d{1,9})\.(\d{1,15})\.(\d{1,15})\.(\d{1,9})\.(\d{1,9})\.([0-9a-f]{32})\.([0-9a-f]{8})"
    r"([.!])([A-Za-z0-9][A-Za-z0-9._:-]{0,127})",
    re.ASCII,
)
_SHOWN, _WITHDRAWN = ".", "!"
_LATEST_MS = 253_402_300_799_999


@dataclass(frozen=True, slots=True)
class Known:
    """The last published version. Instants in ms since 1970; `hour` is hours since 1970, for the revision cap.

    `source` is its source's code, `withdrawn` whether its status is withdrawn.
    """

    revision: int
    observed_at: int
    first_seen_at: int
    content_hash: str
    facts_hash: str
    hour: int
    revisions_in_hour: int
    source: str
    withdrawn: bool = False

    def marker(self) -> str:
        """The record as Redis holds it."""
        numbers = (self.revision, self.observed_at, self.first_seen_at, self.hour, self.revisions_in_hour)
        numbered = ".".join((*map(str, numbers), self.content_hash, self.facts_hash))
        return f"{numbered}{_WITHDRAWN if self.withdrawn else _SHOWN}{self.source}"

    @classmethod
    def from_marker(cls, marker: str) -> Known | None:
        """Read a record; None for '' and for what no release of Warta has written."""
        parts = _MARKER.fullmatch(marker)
        if parts is None:
            return None
        revision, observed_at, first_seen_at, hour, in_hour = map(int, parts.groups()[:5])
        if max(observed_at, first_seen_at) > _LATEST_MS:
            return None
        return cls(
            revision=revision,
            observed_at=observed_at,
            first_seen_at=first_seen_at,
            content_hash=parts[6],
            facts_hash=parts[7],
            hour=hour,
            revisions_in_hour=in_hour,
            source=parts[9],
            withdrawn=parts[8] == _WITHDRAWN,
        )

"""What becomes of a draft."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Fate(StrEnum):
    """What became of a draft."""

    PUBLISHED = "published"
    UNCHANGED = "unchanged"
    SUPERSEDED = "superseded"
    CAPPED = "revision-capped"
    INVALID = "invalid"


# Redis has the article, in this version or a newer one.
STORED = frozenset({Fate.PUBLISHED, Fate.UNCHANGED, Fate.SUPERSEDED})


@dataclass(frozen=True, slots=True)
class Result:
    """The fate of one draft; `retry_after` in seconds where it is capped, `detail` where it is invalid."""

    id: str
    fate: Fate
    revision: int = 0
    retry_after: float = 0.0
    detail: str = ""

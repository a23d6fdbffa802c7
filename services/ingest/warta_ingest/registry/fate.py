"""What becomes of a draft."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Fate(StrEnum):
    """What became of a draft.

    `withdrawn`: it stays withdrawn, whatever its page says; `unknown`: there is nothing here to withdraw;
    `forbidden`: the article is another source's.
    """

    PUBLISHED = "published"
    UNCHANGED = "unchanged"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    CAPPED = "revision-capped"
    UNKNOWN = "unknown"
    FORBIDDEN = "forbidden"
    INVALID = "invalid"


# Redis has the article, in this version or one that goes before it.
STORED = frozenset({Fate.PUBLISHED, Fate.UNCHANGED, Fate.SUPERSEDED, Fate.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Result:
    """The fate of one draft; `retry_after` in seconds where it is capped, `detail` where it is invalid."""

    id: str
    fate: Fate
    revision: int = 0
    retry_after: float = 0.0
    detail: str = ""

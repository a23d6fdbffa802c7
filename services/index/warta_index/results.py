"""What became of one document: exactly one of these for each, in the order of the request."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Indexed:
    """Elasticsearch holds this version. `first`: it had no document of this id before."""

    first: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Superseded:
    """Elasticsearch holds a newer version already (409): nothing is left to do."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """Elasticsearch will never take this document: `reason` is its word for why, `detail` its explanation."""

    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Unavailable:
    """Not now; the same document may succeed later.

    `systemic`: the trouble is the cluster's, the network's or the set-up's, so other documents meet it too
    and it says nothing against this one. False only where Elasticsearch failed at this very document.
    """

    reason: str
    detail: str = ""
    systemic: bool = True


ItemResult = Indexed | Superseded | Rejected | Unavailable

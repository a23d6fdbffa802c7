"""What is remembered and what is indexed, in the order of their ids, article by article: a pure merge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Article(NamedTuple):
    """A version of an article: `observed_at` in ms since 1970."""

    id: str
    observed_at: int


class Verdict(StrEnum):
    """Of an article.

    `missing`: published, and neither a document nor a dead letter. `stale`: its document is older than what was
    published last. `phantom`: a document of what was never published. `ahead`: its document is newer than what is
    remembered (Redis lost its memory). `dead`: its newest version is a dead letter. `on-its-way`: published too short
    a time ago to be judged. `forgotten`: so old that the registry need not remember it.
    """

    FINE = "fine"
    ON_ITS_WAY = "on-its-way"
    DEAD = "dead"
    FORGOTTEN = "forgotten"
    MISSING = "missing"
    STALE = "stale"
    PHANTOM = "phantom"
    AHEAD = "ahead"


PROBLEMS = (Verdict.MISSING, Verdict.STALE, Verdict.PHANTOM, Verdict.AHEAD)
# Dead letters are no loss, but somebody has to look at them.
SHOWN_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Bounds:
    """Instants in ms since 1970: what was published after `settled` may be on its way, what was indexed after `began`
    came later than the registry was read, what is older than `remembered` may be forgotten.
    """

    settled: int
    began: int
    remembered: int


@dataclass(slots=True)
class Findings:
    """How many articles there are of each verdict, and the first of those with a problem."""

    counts: Counter[Verdict] = field(default_factory=Counter)
    shown: dict[Verdict, list[str]] = field(default_factory=lambda: {verdict: [] for verdict in PROBLEMS})

    def add(self, verdict: Verdict, identity: str) -> None:
        """One article more."""
        self.counts[verdict] += 1
        if verdict in self.shown and len(self.shown[verdict]) < SHOWN_MAX:
            self.shown[verdict].append(identity)

    @property
    def problems(self) -> int:
        """How many articles have one."""
        return sum(self.counts[verdict] for verdict in PROBLEMS)


def compared(
    remembered: Iterable[Article], indexed: Iterable[Article], dead: Set[str], bounds: Bounds
) -> Findings:
    """Judge every article of two streams that are sorted by id; `dead`: ids of articles with a dead letter."""
    findings = Findings()
    for known, found in _pairs(iter(remembered), iter(indexed)):
        identity = known.id if known else found.id if found else ""
        findings.add(judged(known, found, dead=identity in dead, bounds=bounds), identity)
    return findings


def judged(known: Article | None, found: Article | None, *, dead: bool, bounds: Bounds) -> Verdict:
    """Of one article: what is remembered of it, and its document."""
    if known is None:
        return _unknown(found, bounds)
    if found and found.observed_at == known.observed_at:
        return Verdict.FINE
    if found and found.observed_at > known.observed_at:
        return Verdict.ON_ITS_WAY if found.observed_at >= bounds.began else Verdict.AHEAD
    if dead:
        return Verdict.DEAD
    if known.observed_at >= bounds.settled:
        return Verdict.ON_ITS_WAY
    return Verdict.STALE if found else Verdict.MISSING


def _unknown(found: Article | None, bounds: Bounds) -> Verdict:
    if found is None or found.observed_at >= bounds.began:
        return Verdict.ON_ITS_WAY
    return Verdict.FORGOTTEN if found.observed_at < bounds.remembered else Verdict.PHANTOM


def _pairs(
    left: Iterator[Article], right: Iterator[Article]
) -> Iterator[tuple[Article | None, Article | None]]:
    """Those with the same id together, the others alone."""
    one, other = next(left, None), next(right, None)
    while one or other:
        if other is None or (one and one.id < other.id):
            yield one, None
            one = next(left, None)
        elif one is None or other.id < one.id:
            yield None, other
            other = next(right, None)
        else:
            yield one, other
            one, other = next(left, None), next(right, None)

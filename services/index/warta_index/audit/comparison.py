"""What is remembered and what is indexed, in the order of their ids, article by article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Set
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
    remembered (Redis lost its memory). `dead`: its newest version is a dead letter. `on-its-way`: on a stream, or
    published too short a time ago to be judged. `forgotten`: so old that the registry need not remember it.
    """

    FINE = "fine"
    ON_ITS_WAY = "on-its-way"
    DEAD = "dead"
    FORGOTTEN = "forgotten"
    MISSING = "missing"
    STALE = "stale"
    PHANTOM = "phantom"
    AHEAD = "ahead"


# What is no problem of an article that is still on a stream.
NOT_YET = frozenset({Verdict.MISSING, Verdict.STALE, Verdict.DEAD})
PROBLEMS = (Verdict.MISSING, Verdict.STALE, Verdict.PHANTOM, Verdict.AHEAD)
# Ids of each problem that are kept; all are counted.
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
    """How many articles there are of each verdict, and the first `most` of those with a problem."""

    most: int = SHOWN_MAX
    counts: Counter[Verdict] = field(default_factory=Counter)
    shown: dict[Verdict, list[str]] = field(default_factory=lambda: {verdict: [] for verdict in PROBLEMS})

    def add(self, verdict: Verdict, identity: str) -> None:
        """One article more."""
        self.counts[verdict] += 1
        if verdict in self.shown and len(self.shown[verdict]) < self.most:
            self.shown[verdict].append(identity)

    @property
    def problems(self) -> int:
        """How many articles have one."""
        return sum(self.counts[verdict] for verdict in PROBLEMS)


class Comparison:
    """Of two streams that are sorted by id: what is `remembered`, and the documents as they are `seen`.

    `on_the_way`: ids of articles on streams; `dead`: of those with a dead letter.
    """

    def __init__(
        self,
        remembered: Iterable[Article],
        on_the_way: Set[str],
        dead: Set[str],
        bounds: Bounds,
        most: int = SHOWN_MAX,
    ) -> None:
        self.findings = Findings(most)
        self._on_the_way = on_the_way
        self._remembered = iter(remembered)
        self._next = next(self._remembered, None)
        self._dead = dead
        self._bounds = bounds

    def seen(self, found: Article) -> None:
        """The next document, and everything remembered up to it."""
        while self._next and self._next.id < found.id:
            self._judge(self._next, None)
        if self._next and self._next.id == found.id:
            self._judge(self._next, found)
        else:
            self._judge(None, found)

    def finished(self) -> Findings:
        """There is no further document."""
        while self._next:
            self._judge(self._next, None)
        return self.findings

    def _judge(self, known: Article | None, found: Article | None) -> None:
        identity = known.id if known else found.id if found else ""
        verdict = judged(known, found, dead=identity in self._dead, bounds=self._bounds)
        if verdict in NOT_YET and identity in self._on_the_way:
            verdict = Verdict.ON_ITS_WAY
        self.findings.add(verdict, identity)
        if known:
            self._next = next(self._remembered, None)


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

"""Strict span scores with confidence intervals."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass

from training.tagged_sentences import TaggedSentence, in_tokens
from warta_enrich.steps.tokens import fold
from warta_enrich.tagger.labels import KINDS, Span, spans
from warta_enrich.tagger.scores import Sentence
from warta_enrich.tagger.tagger import Tagger

_RESAMPLES = 1_000
_SEED = 20250602
ALL = "all"


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and F1 of a kind of name, and the 95 % interval of the F1 (bootstrap over sentences)."""

    kind: str
    names: int
    precision: float
    recall: float
    f1: float
    low: float
    high: float


def span_scores(pairs: Sequence[tuple[Set[Span], Set[Span]]], kinds: Sequence[str] = KINDS) -> list[Score]:
    """Scores over (found, true) names of each sentence: of all kinds together, then of each."""
    return [_score(kind, [_counts(found, true, kind) for found, true in pairs]) for kind in (ALL, *kinds)]


def tagger_scores(tagger: Tagger, sentences: Sequence[TaggedSentence]) -> list[Score]:
    """Scores of the tagger alone, each sentence by itself, names counted by the tokens of the file."""
    labels = tagger.label([Sentence(one.words, tuple(map(fold, one.words))) for one in sentences])
    return span_scores(
        [
            (in_tokens(spans(found), one.owners), in_tokens(one.names, one.owners))
            for found, one in zip(labels, sentences, strict=True)
        ]
    )


def _counts(found: Set[Span], true: Set[Span], kind: str) -> tuple[int, int, int]:
    """(right, found, true) of one sentence."""
    if kind != ALL:
        found = {name for name in found if name.kind == kind}
        true = {name for name in true if name.kind == kind}
    return len(found & true), len(found), len(true)


def _score(kind: str, counts: Sequence[tuple[int, int, int]]) -> Score:
    right, found, true = (sum(column) for column in zip(*counts, strict=True)) if counts else (0, 0, 0)
    low, high = _interval(counts)
    return Score(kind, true, right / max(found, 1), right / max(true, 1), _f1(right, found, true), low, high)


def _interval(counts: Sequence[tuple[int, int, int]]) -> tuple[float, float]:
    """The middle 95 % of the F1 of samples drawn with replacement."""
    draw = random.Random(_SEED)  # noqa: S311 - a reproducible sample, nothing secret
    scores = []
    for _ in range(_RESAMPLES if counts else 0):
        sample = Counter(draw.choices(range(len(counts)), k=len(counts)))
        sums = (sum(counts[index][column] * times for index, times in sample.items()) for column in range(3))
        scores.append(_f1(*sums))
    scores.sort()
    edge = len(scores) // 40
    return (scores[edge], scores[-edge - 1]) if scores else (0.0, 0.0)


def _f1(right: int, found: int, true: int) -> float:
    return 2 * right / max(found + true, 1)

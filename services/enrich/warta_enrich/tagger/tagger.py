"""The tagger: passages in, names with their kinds out."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from warta_enrich.steps.tokens import Passage
from warta_enrich.tagger.knowledge import Knowledge
from warta_enrich.tagger.labels import OUTSIDE, Span, spans
from warta_enrich.tagger.scores import Scores, Sentence
from warta_enrich.tagger.sentences import sentence_ranges
from warta_enrich.tagger.viterbi import Labels, best_labels
from warta_enrich.tagger.weights import Weights, load_weights
from warta_enrich.tagger.word_scores import WORDS_MAX

WEIGHTS_FILE = "tagger.npz"
TOKENS_MAX = 8_000
"""Tokens of a passage that the tagger reads: some 48,000 characters; news is shorter, and time stays bounded."""
TOKENS_AT_ONCE = 12_000
"""Tokens that are scored together: some 16 articles of 3 KB; more only takes memory."""


class Tagger:
    """A trained model with its look-up tables; threads may share it, one of them tags at a time.

    `words_max` bounds the table of words, which fills as they come.
    """

    def __init__(self, weights: Weights, known: Knowledge, words_max: int = WORDS_MAX) -> None:
        self._scores = Scores(weights, known, words_max)
        self._labels, self._transitions = weights.labels, weights.transitions
        self._outside = weights.labels.index(OUTSIDE)
        self._lock = threading.Lock()

    def names(self, passages: Sequence[Passage]) -> list[list[Span]]:
        """The names in each passage, by its tokens, in order; of a passage the first TOKENS_MAX tokens count."""
        places = [
            (number, start, Sentence(passage.words[start:end], passage.folded[start:end]))
            for number, passage in enumerate(passages)
            for start, end in sentence_ranges(passage)
            if end <= TOKENS_MAX
        ]
        found: list[list[Span]] = [[] for _ in passages]
        paths = self._paths([sentence for _, _, sentence in places])
        for (number, start, _), path in zip(places, paths, strict=True):
            labels = path.tolist()
            if labels.count(self._outside) < len(labels):
                names = spans([self._labels[label] for label in labels])
                found[number] += [Span(start + name.start, start + name.end, name.kind) for name in names]
        return found

    def label(self, sentences: Sequence[Sentence]) -> list[list[str]]:
        """The label of each word of each sentence."""
        return [[self._labels[label] for label in path.tolist()] for path in self._paths(sentences)]

    def _paths(self, sentences: Sequence[Sentence]) -> list[Labels]:
        with self._lock:
            return [
                path
                for batch in _batches(sentences)
                for path in best_labels(self._scores.emissions(batch), self._transitions)
            ]


def load_tagger(folder: Path, known: Knowledge) -> Tagger:
    """The tagger whose weights stand in `folder`. Raises TableError when they cannot be used."""
    return Tagger(load_weights(folder / WEIGHTS_FILE), known)


def _batches(sentences: Sequence[Sentence]) -> Iterator[list[Sentence]]:
    batch: list[Sentence] = []
    size = 0
    for sentence in sentences:
        if batch and size + len(sentence.words) > TOKENS_AT_ONCE:
            yield batch
            batch, size = [], 0
        batch.append(sentence)
        size += len(sentence.words)
    if batch:
        yield batch

"""What two neighbouring words, or their shapes, say together: a table of the pairs that the model knows."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from warta_enrich.tagger.attributes import PAIR_OFFSETS
from warta_enrich.tagger.weights import Floats, Weights

Ids = npt.NDArray[np.int64]
UNKNOWN = 0


class PairScores:
    """`numbers` gives the id of each text that occurs in a pair; all others are UNKNOWN."""

    def __init__(self, weights: Weights, prefix: str) -> None:
        known = [(name, row) for row, name in enumerate(weights.pairs) if name.startswith(prefix)]
        pairs = [tuple(name.removeprefix(prefix).split(" ")) for name, _ in known]
        texts = sorted({text for pair in pairs for text in pair})
        self.numbers = {text: number for number, text in enumerate(texts, start=1)}
        self._base = len(texts) + 1
        codes = np.array([self._code(left, right) for left, right in pairs], dtype=np.int64)
        order = np.argsort(codes)
        # A last code that no pair has, so that every search ends on an entry.
        self._codes = np.append(codes[order], np.iinfo(np.int64).max)
        rows = np.array([row for _, row in known], dtype=np.intp)[order]
        # A last row of zeros, which pairs that are not known add: cheaper than to pick out those that are.
        values = np.concatenate([weights.pair_values[rows], np.zeros_like(weights.pair_values[:1])])
        self._seen_from_right = np.ascontiguousarray(values[:, PAIR_OFFSETS.index(-1)])
        self._seen_from_left = np.ascontiguousarray(values[:, PAIR_OFFSETS.index(1)])

    def add(self, scores: Floats, ids: Ids) -> None:
        """Add to the (token, label) scores of a row of tokens what each says together with its neighbours."""
        codes = ids[:-1] * self._base + ids[1:]
        found = np.searchsorted(self._codes, codes)
        entry = np.where(self._codes[found] == codes, found, len(self._codes) - 1)
        scores[1:] += self._seen_from_right.take(entry, axis=0)
        scores[:-1] += self._seen_from_left.take(entry, axis=0)

    def _code(self, left: str, right: str) -> int:
        return self.numbers[left] * self._base + self.numbers[right]

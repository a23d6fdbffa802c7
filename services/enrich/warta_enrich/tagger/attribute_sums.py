"""Weights of attributes at some of the offsets, summed for many words at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate, chain

import numpy as np

from warta_enrich.tagger.weights import Floats, Weights

_AT_ONCE = 256  # words: what is gathered for them stays below a megabyte


class AttributeSums:
    """The rows of `weights` that say anything at the offsets at `places`."""

    def __init__(self, weights: Weights, places: Sequence[int]) -> None:
        values = weights.values[:, places]
        telling = np.flatnonzero(values.any(axis=(1, 2)))
        names = list(weights.attributes)
        self._rows = {names[at]: row for row, at in enumerate(telling.tolist(), start=1)}
        # The first row is zero: each sum begins with it, so that none is empty.
        self._values = np.concatenate([np.zeros_like(values[:1]), values[telling]])

    def of(self, words: Sequence[Iterable[str]]) -> Floats:
        """(word, offset, label): the sums of the attributes of each word, added in their order."""
        sums = np.empty((len(words), *self._values.shape[1:]), dtype=np.float32)
        for start in range(0, len(words), _AT_ONCE):
            # Attributes that training did not keep weigh nothing.
            rows = [
                [0, *filter(None, map(self._rows.get, names))] for names in words[start : start + _AT_ONCE]
            ]
            first = [0, *accumulate(map(len, rows[:-1]))]
            gathered = self._values[[*chain.from_iterable(rows)]]
            np.add.reduceat(gathered, first, axis=0, out=sums[start : start + _AT_ONCE])
        return sums

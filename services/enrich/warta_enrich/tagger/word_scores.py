"""What each distinct word says about its own label and those of the words around it: summed once, then looked up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from warta_enrich.steps.tokens import fold
from warta_enrich.tagger.attributes import (
    EDGE,
    NEAR,
    OFFSETS,
    Casing,
    case_marks,
    casing_of,
    form,
    look,
    word_attributes,
)
from warta_enrich.tagger.knowledge import Knowledge, opens_name
from warta_enrich.tagger.pair_scores import UNKNOWN, PairScores
from warta_enrich.tagger.weights import Floats, Weights

WORDS_MAX = 20_000
"""Distinct words kept, 500 bytes each; when they are more, the table starts anew."""
_FIRST_ROOM = 4_096
_REACH = len(OFFSETS) // 2
_FAR = [index for index, offset in enumerate(OFFSETS) if offset not in NEAR]
_NEAR = [index for index, offset in enumerate(OFFSETS) if offset in NEAR]

Ids = npt.NDArray[np.intp]


class WordScores:
    """A growing table with a row for each distinct word (as written, in a casing).

    `forms` and `shapes` are the ids of each row in the tables of pairs; `openers` marks words that begin listed names.
    """

    def __init__(
        self,
        weights: Weights,
        known: Knowledge,
        by_form: PairScores,
        by_shape: PairScores,
        words_max: int = WORDS_MAX,
    ) -> None:
        self._words_max = words_max
        self._weights, self._known = weights, known
        self._form_numbers, self._shape_numbers = by_form.numbers, by_shape.numbers
        self._rows: dict[Casing, dict[str, int]] = {}
        self._start()

    def _start(self) -> None:
        self._count = 0
        self._rows = {case: {} for case in Casing}
        self._sums = np.zeros((len(OFFSETS), _FIRST_ROOM, len(self._weights.labels)), dtype=np.float32)
        self.forms = np.zeros(_FIRST_ROOM, dtype=np.int64)
        self.shapes = np.zeros(_FIRST_ROOM, dtype=np.int64)
        self.openers = np.zeros(_FIRST_ROOM, dtype=np.bool_)
        self._marks = np.zeros((_FIRST_ROOM, 3), dtype=np.int32)

    def make_room(self) -> None:
        """Forget all words when they are too many; only between batches, since rows change their meaning."""
        if self._count > self._words_max:
            self._start()

    def rows(self, words: Sequence[str], case: Casing) -> list[int]:
        """The row of each word."""
        known = self._rows[case]
        return [row if (row := known.get(word, -1)) >= 0 else self.row(word, case) for word in words]

    def row(self, word: str, case: Casing) -> int:
        """The row of one word, computed when it is new."""
        row = self._rows[case].get(word, -1)
        if row < 0:
            row = self._count
            self._count += 1
            if row == len(self.forms):
                self._grow()
            self._fill(row, word, case)
            self._rows[case][word] = row
        return row

    def around(self, ids: Ids) -> Floats:
        """(token, label): for each token of a row of tokens the sum of what the words around it say."""
        size = len(ids)
        found = np.zeros((size, len(self._weights.labels)), dtype=np.float32)
        for place, offset in enumerate(OFFSETS):
            here = slice(max(0, -offset), size - max(0, offset))
            there = slice(max(0, offset), size - max(0, -offset))
            found[here] += self._sums[place][ids[there]]
        return found

    def cased(self, ids: Ids, starts: Sequence[int], lengths: Sequence[int]) -> Iterator[tuple[int, Casing]]:
        """The sentences (by index) whose capitals mean nothing."""
        sums = np.cumsum(self._marks[ids], axis=0)
        first = np.asarray(starts)
        counts = sums[first + np.asarray(lengths) - 1] - sums[first - 1]
        for index, (long, initial, upper) in enumerate(counts.tolist()):
            if (case := casing_of(long, initial, upper)) != Casing.PLAIN:
                yield index, case

    def _fill(self, row: int, word: str, case: Casing) -> None:
        near, far = word_attributes(word, case, self._known)
        self._sums[_NEAR, row] = self._sum(near)[_NEAR]
        self._sums[_FAR, row] = self._sum(far)[_FAR]
        plain = EDGE if word == EDGE else form(word)
        self.forms[row] = self._form_numbers.get(plain, UNKNOWN)
        self.shapes[row] = self._shape_numbers.get(look(word, case), UNKNOWN)
        self.openers[row] = opens_name(word, fold(word), self._known.names)
        self._marks[row] = (0, 0, 0) if word == EDGE else case_marks(word)

    def _sum(self, names: Sequence[str]) -> Floats:
        found = self._weights.attributes
        rows = [row for name in names if (row := found.get(name, -1)) >= 0]
        total: Floats = self._weights.values[rows].sum(axis=0)
        return total

    def _grow(self) -> None:
        room = 2 * len(self.forms)
        self._sums = np.concatenate([self._sums, np.zeros_like(self._sums)], axis=1)
        self.forms = np.resize(self.forms, room)
        self.shapes = np.resize(self.shapes, room)
        self.openers = np.resize(self.openers, room)
        self._marks = np.resize(self._marks, (room, 3))

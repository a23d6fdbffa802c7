"""What each distinct word says about its own label and those of the words around it: summed once, then looked up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from warta_enrich.steps.tokens import fold
from warta_enrich.tagger.attribute_sums import AttributeSums
from warta_enrich.tagger.attributes import EDGE, NEAR, OFFSETS, form, look, word_attributes
from warta_enrich.tagger.knowledge import Knowledge, opens_name
from warta_enrich.tagger.pair_scores import UNKNOWN, PairScores
from warta_enrich.tagger.setting import Casing, Language, Setting
from warta_enrich.tagger.weights import Floats, Weights
from warta_enrich.tagger.word_rows import Ids, WordRows

WORDS_MAX = 40_000
"""Distinct words kept, 500 bytes each; when they are more, the half that was used last stays."""
_FIRST_ROOM = 4_096
_ANY = Setting(Casing.PLAIN, Language.NEITHER)  # an edge is the same everywhere
_FAR = [index for index, offset in enumerate(OFFSETS) if offset not in NEAR]
_NEAR = [index for index, offset in enumerate(OFFSETS) if offset in NEAR]

ItemT = TypeVar("ItemT", bound=np.generic)


class WordScores:
    """A growing table with a row for each distinct word (as written, in a setting).

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
        self._words_max, self._known = words_max, known
        self._near, self._far = AttributeSums(weights, _NEAR), AttributeSums(weights, _FAR)
        self._form_numbers, self._shape_numbers = by_form.numbers, by_shape.numbers
        self._rows = WordRows(known.languages)
        self._filled = self._batch = 0
        self._sums = np.zeros((_FIRST_ROOM, len(OFFSETS), len(weights.labels)), dtype=np.float32)
        self._used = np.zeros(_FIRST_ROOM, dtype=np.int64)
        self.forms = np.zeros(_FIRST_ROOM, dtype=np.int64)
        self.shapes = np.zeros(_FIRST_ROOM, dtype=np.int64)
        self.openers = np.zeros(_FIRST_ROOM, dtype=np.bool_)

    def make_room(self) -> None:
        """Forget words when they are too many; only between batches, since rows change their meaning."""
        if self._filled > self._words_max:
            self._keep_last()

    def _keep_last(self) -> None:
        last = np.argsort(self._used[: self._filled], kind="stable")[-(self._words_max // 2) :]
        for array in (self._sums, self._used, self.forms, self.shapes, self.openers):
            array[: len(last)] = array[last]
        self._rows.keep(last)
        self._filled = len(last)

    def rows(self, sentences: Sequence[Sequence[str]]) -> tuple[Ids, Ids]:
        """(row of each word of all sentences, place in SETTINGS of each sentence); what a word says is known after
        `fill`."""
        return self._rows.of(sentences)

    @property
    def edge(self) -> int:
        """The row of what stands before and after a sentence."""
        return self._rows.row(EDGE, _ANY)

    def fill(self, ids: Ids) -> None:
        """Sum what the new words of a batch say, all of them together; `ids` are the rows of its words."""
        if new := self._rows.new:
            while self._filled + len(new) > len(self.forms):
                self._grow()
            self._add(new)
            new.clear()
        self._batch += 1
        self._used[ids] = self._batch

    def around(self, ids: Ids) -> Floats:
        """(token, label): for each token of a row of tokens the sum of what the words around it say."""
        size = len(ids)
        found = np.zeros((size, self._sums.shape[-1]), dtype=np.float32)
        sums = self._sums[ids]
        for place, offset in enumerate(OFFSETS):
            here = slice(max(0, -offset), size - max(0, offset))
            there = slice(max(0, offset), size - max(0, -offset))
            found[here] += sums[there, place]
        return found

    def _add(self, new: Sequence[tuple[str, Setting]]) -> None:
        rows = slice(self._filled, self._filled + len(new))
        attributes = [word_attributes(word, where, self._known) for word, where in new]
        self._sums[rows, _NEAR] = self._near.of([near for near, _ in attributes])
        self._sums[rows, _FAR] = self._far.of([far for _, far in attributes])
        forms = (EDGE if word == EDGE else form(word) for word, _ in new)
        self.forms[rows] = [self._form_numbers.get(plain, UNKNOWN) for plain in forms]
        self.shapes[rows] = [self._shape_numbers.get(look(word, where.case), UNKNOWN) for word, where in new]
        self.openers[rows] = [opens_name(word, fold(word), self._known.names) for word, _ in new]
        self._filled += len(new)

    def _grow(self) -> None:
        self._sums, self._used = _doubled(self._sums), _doubled(self._used)
        self.forms, self.shapes = _doubled(self.forms), _doubled(self.shapes)
        self.openers = _doubled(self.openers)


def _doubled(array: npt.NDArray[ItemT]) -> npt.NDArray[ItemT]:
    """Twice as long; the memory of zeros is taken only when they are written."""
    longer = np.zeros((2 * len(array), *array.shape[1:]), dtype=array.dtype)
    longer[: len(array)] = array
    return longer

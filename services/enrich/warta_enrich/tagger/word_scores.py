"""What each distinct word says about its own label and those of the words around it: summed once, then looked up."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product, starmap

import numpy as np
import numpy.typing as npt

from warta_enrich.steps.tokens import fold
from warta_enrich.tagger.attributes import EDGE, NEAR, OFFSETS, form, look, word_attributes
from warta_enrich.tagger.knowledge import Knowledge, opens_name
from warta_enrich.tagger.pair_scores import UNKNOWN, PairScores
from warta_enrich.tagger.setting import Casing, Language, Setting, SettingTable
from warta_enrich.tagger.weights import Floats, Weights

WORDS_MAX = 20_000
"""Distinct words kept, 500 bytes each; when they are more, the table starts anew."""
_FIRST_ROOM = 4_096
_REACH = len(OFFSETS) // 2
_FAR = [index for index, offset in enumerate(OFFSETS) if offset not in NEAR]
_NEAR = [index for index, offset in enumerate(OFFSETS) if offset in NEAR]
_SETTINGS = tuple(starmap(Setting, product(Casing, Language)))

Ids = npt.NDArray[np.intp]


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
        self._words_max = words_max
        self._weights, self._known = weights, known
        self._form_numbers, self._shape_numbers = by_form.numbers, by_shape.numbers
        self._rows: dict[Setting, dict[str, int]] = {}
        self._settings = SettingTable(known.languages)
        self._start()

    def _start(self) -> None:
        self._count = 0
        self._rows = {setting: {} for setting in _SETTINGS}
        self._settings.clear()
        self._sums = np.zeros((len(OFFSETS), _FIRST_ROOM, len(self._weights.labels)), dtype=np.float32)
        self.forms = np.zeros(_FIRST_ROOM, dtype=np.int64)
        self.shapes = np.zeros(_FIRST_ROOM, dtype=np.int64)
        self.openers = np.zeros(_FIRST_ROOM, dtype=np.bool_)

    def make_room(self) -> None:
        """Forget all words when they are too many; only between batches, since rows change their meaning."""
        if self._count > self._words_max:
            self._start()

    def setting(self, words: Sequence[str]) -> Setting:
        """The setting of a sentence."""
        return self._settings.of(words)

    def rows(self, words: Sequence[str], where: Setting) -> list[int]:
        """The row of each word of a sentence."""
        known = self._rows[where]
        return [row if (row := known.get(word, -1)) >= 0 else self.row(word, where) for word in words]

    def row(self, word: str, where: Setting) -> int:
        """The row of one word, computed when it is new."""
        row = self._rows[where].get(word, -1)
        if row < 0:
            row = self._count
            self._count += 1
            if row == len(self.forms):
                self._grow()
            self._fill(row, word, where)
            self._rows[where][word] = row
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

    def _fill(self, row: int, word: str, where: Setting) -> None:
        near, far = word_attributes(word, where, self._known)
        self._sums[_NEAR, row] = self._weights.summed(near)[_NEAR]
        self._sums[_FAR, row] = self._weights.summed(far)[_FAR]
        plain = EDGE if word == EDGE else form(word)
        self.forms[row] = self._form_numbers.get(plain, UNKNOWN)
        self.shapes[row] = self._shape_numbers.get(look(word, where.case), UNKNOWN)
        self.openers[row] = opens_name(word, fold(word), self._known.names)

    def _grow(self) -> None:
        room = 2 * len(self.forms)
        self._sums = np.concatenate([self._sums, np.zeros_like(self._sums)], axis=1)
        self.forms = np.resize(self.forms, room)
        self.shapes = np.resize(self.shapes, room)
        self.openers = np.resize(self.openers, room)

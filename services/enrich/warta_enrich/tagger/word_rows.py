"""Which row of the table each word has: words get rows as they come, and those used last keep theirs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count, product, starmap

import numpy as np
import numpy.typing as npt

from warta_enrich.tagger.setting import Casing, Language, Setting

Ids = npt.NDArray[np.intp]
New = list[tuple[str, Setting]]
_SETTINGS = tuple(starmap(Setting, product(Casing, Language)))


class _RowsOfSetting(dict[str, int]):
    """Words in one setting; one that is missing gets the next number and is added to `new`."""

    def __init__(self, setting: Setting, numbers: Iterator[int], new: New) -> None:
        super().__init__()
        self._setting, self._numbers, self._new = setting, numbers, new

    def __missing__(self, word: str) -> int:
        row = self[word] = next(self._numbers)
        self._new.append((word, self._setting))
        return row


class WordRows:
    """Rows from 0 on; `new` are words whose rows nobody has filled yet, in the order of their rows."""

    def __init__(self) -> None:
        self.new: New = []
        self._tables = self._empty(0)

    def of(self, words: Sequence[str], where: Setting) -> list[int]:
        """The row of each word of a sentence."""
        return list(map(self._tables[where].__getitem__, words))

    def keep(self, rows: Ids) -> None:
        """Forget all words but those at `rows`, which become rows 0, 1 and so on."""
        numbers = dict(zip(rows.tolist(), count()))
        tables = self._empty(len(rows))
        for where, table in self._tables.items():
            kept = {word: number for word, row in table.items() if (number := numbers.get(row)) is not None}
            tables[where].update(kept)
        self._tables = tables

    def _empty(self, taken: int) -> dict[Setting, _RowsOfSetting]:
        numbers = count(taken)
        return {setting: _RowsOfSetting(setting, numbers, self.new) for setting in _SETTINGS}

"""Which row of the table each word has: words get rows as they come, and those used last keep theirs.

A word says other things in other settings (in a headline its capital means nothing), so it has a row for each
setting that it was met in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, count

import numpy as np
import numpy.typing as npt

from warta_enrich.tagger.setting import SETTINGS, Language, Marks, Setting, marks, settings_of

Ids = npt.NDArray[np.intp]
_FIRST_ROOM = 4_096
_NONE = -1


class WordRows:
    """Rows from 0 on; `new` are words whose rows nobody has filled yet, in the order of their rows."""

    def __init__(self, languages: Mapping[str, Language]) -> None:
        self._languages = languages
        self.new: list[tuple[str, Setting]] = []
        self._begin([])

    def _begin(self, words: Sequence[str]) -> None:
        """With these words, none of which has a row."""
        self._numbers = _Numbers(words)
        self._marks = np.zeros((_FIRST_ROOM, len(Marks._fields)), dtype=np.int32)
        self._rows = np.full((_FIRST_ROOM, len(SETTINGS)), _NONE, dtype=np.int32)
        self._marked = self._taken = 0

    def of(self, sentences: Sequence[Sequence[str]]) -> tuple[Ids, Ids]:
        """(row of each word of all sentences, one after the other; place in SETTINGS of each sentence)."""
        numbers = np.array([*map(self._numbers.__getitem__, chain.from_iterable(sentences))], dtype=np.intp)
        self._mark()
        lengths = [*map(len, sentences)]
        starts = np.cumsum([0, *lengths[:-1]])
        settings = settings_of(np.add.reduceat(self._marks[numbers], starts, axis=0))
        return self._taking(numbers, np.repeat(settings, lengths)), settings

    def row(self, word: str, where: Setting) -> int:
        """The row of one word."""
        numbers = np.array([self._numbers[word]], dtype=np.intp)
        self._mark()
        return int(self._taking(numbers, np.array([SETTINGS.index(where)]))[0])

    def keep(self, rows: Ids) -> None:
        """Forget all words but those at `rows`, which become rows 0, 1 and so on."""
        old, words = self._rows, self._numbers.words
        after = np.full(self._taken, _NONE, dtype=np.int32)
        after[rows] = np.arange(len(rows))
        kept = np.where(old == _NONE, _NONE, after[old])[: len(words)]
        known = np.flatnonzero((kept != _NONE).any(axis=1))
        self._begin([words[number] for number in known.tolist()])
        self._mark()
        self._rows[: len(known)] = kept[known]
        self._taken = len(rows)

    def _taking(self, numbers: Ids, settings: Ids) -> Ids:
        """The rows of words in settings; those that have none yet take the next ones."""
        rows = self._rows[numbers, settings]
        missing = rows == _NONE
        if missing.any():
            codes = np.unique(numbers[missing] * len(SETTINGS) + settings[missing])
            new, where = np.divmod(codes, len(SETTINGS))
            self._rows[new, where] = np.arange(self._taken, self._taken + len(codes))
            self._taken += len(codes)
            words = self._numbers.words
            settled = zip(new.tolist(), where.tolist(), strict=True)
            self.new += [(words[number], SETTINGS[place]) for number, place in settled]
            rows = self._rows[numbers, settings]
        return rows.astype(np.intp)

    def _mark(self) -> None:
        """Find out the marks of the words that came since the last time."""
        words = self._numbers.words[self._marked :]
        if not words:
            return
        size = self._marked + len(words)
        while len(self._marks) < size:
            self._marks = np.concatenate([self._marks, np.zeros_like(self._marks)])
            self._rows = np.concatenate([self._rows, np.full_like(self._rows, _NONE)])
        self._marks[self._marked : size] = [marks(word, self._languages) for word in words]
        self._marked = size


class _Numbers(dict[str, int]):
    """Words to their numbers, which are their places in `words`; one that is missing gets the next."""

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__(zip(words, count()))
        self.words = [*words]

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self.words)
        self.words.append(word)
        return number

"""How well each label fits each token: sums of weights, looked up once for each distinct word, pair and list tag."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from warta_enrich.tagger.attributes import EDGE, NEAR, OFFSETS, Casing
from warta_enrich.tagger.knowledge import Knowledge, name_tags
from warta_enrich.tagger.pair_scores import PairScores
from warta_enrich.tagger.weights import Floats, Weights
from warta_enrich.tagger.word_scores import WORDS_MAX, WordScores

Rows = npt.NDArray[np.intp]
_REACH = len(OFFSETS) // 2
_LIST = "list="


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words as written and folded; never empty."""

    words: Sequence[str]
    folded: Sequence[str]


class Scores:
    """The look-up tables of one model. Words are added as they come, so only one thread may use it at a time."""

    def __init__(self, weights: Weights, known: Knowledge, words_max: int = WORDS_MAX) -> None:
        self._known = known
        self._bias = weights.bias
        self._by_form = PairScores(weights, "ww=")
        self._by_shape = PairScores(weights, "ss=")
        self._words = WordScores(weights, known, self._by_form, self._by_shape, words_max)
        tags = [name for name in weights.attributes if name.startswith(_LIST)]
        self._tag_rows = {name.removeprefix(_LIST): index for index, name in enumerate(tags)}
        self._tag_values = weights.values[[weights.attributes[name] for name in tags]]

    def emissions(self, sentences: Sequence[Sentence]) -> list[Floats]:
        """The (token, label) scores of each sentence."""
        starts, size = _layout(sentences)
        ids = self._ids(sentences, starts, size)
        found = self._words.around(ids) + self._bias
        self._by_form.add(found, self._words.forms[ids])
        self._by_shape.add(found, self._words.shapes[ids])
        self._add_tags(found, ids, starts, sentences)
        return [found[start : start + len(one.words)] for start, one in zip(starts, sentences, strict=True)]

    def _ids(self, sentences: Sequence[Sentence], starts: Sequence[int], size: int) -> Rows:
        """The row of each word; two edges before and after each sentence."""
        self._words.make_room()
        ids = np.full(size, self._words.row(EDGE, Casing.PLAIN), dtype=np.intp)
        for start, one in zip(starts, sentences, strict=True):
            ids[start : start + len(one.words)] = self._words.rows(one.words, Casing.PLAIN)
        for index, case in self._words.cased(ids, starts, [len(one.words) for one in sentences]):
            words = sentences[index].words
            ids[starts[index] : starts[index] + len(words)] = self._words.rows(words, case)
        return ids

    def _add_tags(
        self, found: Floats, ids: Rows, starts: Sequence[int], sentences: Sequence[Sentence]
    ) -> None:
        """What listed names add to the tokens in and next to them."""
        at: list[int] = []
        rows: list[int] = []
        openers = np.flatnonzero(self._words.openers[ids])
        first = np.searchsorted(openers, [*starts, len(ids)]).tolist()
        places = openers.tolist()
        for index, (start, one) in enumerate(zip(starts, sentences, strict=True)):
            if first[index] < first[index + 1]:
                here = [place - start for place in places[first[index] : first[index + 1]]]
                for place, tag in name_tags(one.words, one.folded, here, self._known.names).items():
                    at.append(start + place)
                    rows.append(self._tag_rows.get(tag, -1))
        seen = np.array(rows, dtype=np.intp)
        tokens = np.array(at, dtype=np.intp)[seen >= 0]
        for offset in NEAR:  # no token twice, so each sum is one addition
            found[tokens - offset] += self._tag_values[seen[seen >= 0], offset + _REACH]


def _layout(sentences: Sequence[Sentence]) -> tuple[list[int], int]:
    """Where each sentence starts in one long row of tokens with edges between, and the length of that row."""
    starts, at = [], _REACH
    for one in sentences:
        starts.append(at)
        at += len(one.words) + _REACH
    return starts, at

"""How well each label fits each token: sums of weights, looked up once for each distinct word, pair and list tag."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate, product
from typing import NamedTuple

import numpy as np

from warta_enrich.tagger.attributes import FORMS, NEAR, OFFSETS, SHAPES, list_attributes
from warta_enrich.tagger.knowledge import Knowledge, name_tags
from warta_enrich.tagger.pair_scores import PairScores
from warta_enrich.tagger.setting import SETTINGS, Language, Setting
from warta_enrich.tagger.weights import Floats, Weights
from warta_enrich.tagger.word_rows import Ids
from warta_enrich.tagger.word_scores import WORDS_MAX, WordScores

_REACH = len(OFFSETS) // 2
_LIST = "list="


class Sentence(NamedTuple):
    """Words as written and folded; never empty."""

    words: Sequence[str]
    folded: Sequence[str]


class Scores:
    """The look-up tables of one model. Words are added as they come, so only one thread may use it at a time."""

    def __init__(self, weights: Weights, known: Knowledge, words_max: int = WORDS_MAX) -> None:
        self._known = known
        self._bias = weights.bias
        self._by_form = PairScores(weights, FORMS)
        self._by_shape = PairScores(weights, SHAPES)
        self._words = WordScores(weights, known, self._by_form, self._by_shape, words_max)
        self._tag_rows, self._tag_values = _tag_table(weights)

    def emissions(self, sentences: Sequence[Sentence]) -> list[Floats]:
        """The (token, label) scores of each sentence."""
        self._words.make_room()
        starts = _layout(sentences)
        ids, settings = self._ids(sentences, starts)
        found = self._words.around(ids) + self._bias
        self._by_form.add(found, self._words.forms[ids])
        self._by_shape.add(found, self._words.shapes[ids])
        self._add_tags(found, ids, starts, sentences, settings)
        return [found[start : start + len(one.words)] for start, one in zip(starts, sentences, strict=True)]

    def _ids(self, sentences: Sequence[Sentence], starts: Sequence[int]) -> tuple[Ids, Sequence[Setting]]:
        """(row of each word, setting of each sentence); two edges before and after each sentence."""
        rows, settings = self._words.rows([one.words for one in sentences])
        lengths = [len(one.words) for one in sentences]
        ids = np.full(starts[-1] + lengths[-1] + _REACH, self._words.edge, dtype=np.intp)
        edges = _REACH * np.arange(1, len(sentences) + 1)
        ids[np.arange(len(rows)) + np.repeat(edges, lengths)] = rows
        self._words.fill(ids)
        return ids, [SETTINGS[place] for place in settings.tolist()]

    def _add_tags(
        self,
        found: Floats,
        ids: Ids,
        starts: Sequence[int],
        sentences: Sequence[Sentence],
        settings: Sequence[Setting],
    ) -> None:
        """What listed names add to the tokens in and next to them."""
        at: list[int] = []
        rows: list[int] = []
        openers = np.flatnonzero(self._words.openers[ids])
        first = np.searchsorted(openers, [*starts, len(ids)]).tolist()
        places = openers.tolist()
        for index, (start, one) in enumerate(zip(starts, sentences, strict=True)):
            if first[index] < first[index + 1]:
                known = self._tag_rows[settings[index].language]
                here = [place - start for place in places[first[index] : first[index + 1]]]
                for place, tag in name_tags(one.words, one.folded, here, self._known.names).items():
                    at.append(start + place)
                    rows.append(known.get(tag, -1))
        seen = np.array(rows, dtype=np.intp)
        tokens = np.array(at, dtype=np.intp)[seen >= 0]
        for offset in NEAR:  # no token twice, so each sum is one addition
            found[tokens - offset] += self._tag_values[seen[seen >= 0], offset + _REACH]


def _layout(sentences: Sequence[Sentence]) -> list[int]:
    """Where each sentence starts in one long row of tokens with two edges before, between and after."""
    lengths = (len(one.words) + _REACH for one in sentences)
    return [*accumulate(lengths, initial=_REACH)][:-1]


def _tag_table(weights: Weights) -> tuple[Mapping[Language, Mapping[str, int]], Floats]:
    """For each language the row of each tag of listed names, and the values of all rows."""
    tags = sorted({tag for name in weights.attributes if (tag := name.partition(_LIST)[2])})
    pairs = list(product(Language, tags))
    rows: dict[Language, dict[str, int]] = {language: {} for language in Language}
    values = np.zeros((len(pairs), *weights.values.shape[1:]), dtype=np.float32)
    for row, (language, tag) in enumerate(pairs):
        rows[language][tag] = row
        values[row] = weights.summed(list_attributes(tag, language))
    return rows, values

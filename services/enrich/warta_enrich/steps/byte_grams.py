"""The model of py3langid (naive Bayes over byte n-grams), kept in a third of its memory.

Its automaton is always in the state of the longest known n-gram that ends here (Aho and Corasick 1975), so its 39 MB
of transitions say no more than the n-grams themselves, which are looked up for all places of a text at once. A test
compares both.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt
from py3langid.langid import MODEL_FILE, LanguageIdentifier

Codes = npt.NDArray[np.uint64]
Ids = npt.NDArray[np.intp]
_BYTE = np.uint64(8)  # bits
_STATES_AT_ONCE = 4_096


@dataclass(frozen=True, slots=True)
class _Grams:
    """N-grams of one length as sorted numbers, and the feature of each: -1 where it only begins a longer one.

    A last number that no n-gram has lets every search end on an entry.
    """

    codes: Codes
    features: Ids


class ByteGrams:
    """Tells languages as py3langid does with `norm_probs`."""

    def __init__(self, model: LanguageIdentifier) -> None:
        self._weights, self._priors = model.nb_ptc, model.nb_pc
        self._codes: list[str] = model.nb_classes
        self._twins = [
            (first, place)
            for place, code in enumerate(self._codes)
            if (first := self._codes.index(code)) < place
        ]
        self._grams = tuple(_read_grams(model))

    def classify(self, text: str) -> tuple[str, float]:
        """(code, probability) of the likeliest language."""
        if text.isupper():
            text = text.lower()
        encoded = unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass")
        scores = self._scores(Counter(self._features(encoded))) * (1.0 / sqrt(len(encoded) or 1))
        chances = np.exp(scores - scores.max())
        chances /= chances.sum()
        for first, twin in self._twins:  # one language under two scripts
            chances[first] += chances[twin]
            chances[twin] = 0
        best = int(chances.argmax())
        return self._codes[best], float(chances[best])

    def _scores(self, features: Counter[int]) -> npt.NDArray[np.float32]:
        if not features:
            return np.zeros_like(self._priors)
        counts = np.fromiter(features.values(), np.float32, len(features))
        found: npt.NDArray[np.float32] = np.log1p(counts) @ self._weights[list(features)] + self._priors
        return found

    def _features(self, encoded: bytes) -> list[int]:
        """The feature of the longest n-gram that ends at each byte, where it is one."""
        read = np.frombuffer(encoded, np.uint8).astype(np.uint64)
        found = np.full(len(read), -1, np.intp)
        ends, codes = np.arange(len(read)), read
        for grams in self._grams:  # an n-gram can only be known where the one without its last byte is
            entries = np.searchsorted(grams.codes, codes)
            known = np.flatnonzero(grams.codes[entries] == codes)
            ends, codes = ends[known], codes[known]
            found[ends] = grams.features[entries[known]]
            goes_on = ends + 1 < len(read)
            ends = ends[goes_on] + 1
            codes = codes[goes_on] << _BYTE | read[ends]
        features: list[int] = found[found >= 0].tolist()
        return features


def load_byte_grams() -> ByteGrams:
    """Takes 0.6 seconds, and 80 MB while it reads."""
    return ByteGrams(LanguageIdentifier.from_model_file(MODEL_FILE))


def _read_grams(model: LanguageIdentifier) -> Iterator[_Grams]:
    """The n-grams of each length, shortest first: states are reached first by the n-gram that they stand for."""
    transitions = np.frombuffer(model.tk_nextmove, f"u{model.tk_nextmove.itemsize}").reshape(-1, 256)
    rows = np.frombuffer(model.tk_row, f"u{model.tk_row.itemsize}").astype(np.intp)
    features = np.array(model.tk_output, np.intp)
    reached = np.zeros(len(rows), np.bool_)
    reached[0] = True
    states, codes = np.zeros(1, np.intp), np.zeros(1, np.uint64)
    while True:
        states, codes = _one_byte_more(transitions, rows[states], codes, reached)
        if not len(states):
            return
        order = np.argsort(codes)
        end = np.iinfo(np.uint64).max
        yield _Grams(np.append(codes[order], end), np.append(features[states[order]], -1))


def _one_byte_more(
    transitions: npt.NDArray[np.unsignedinteger], rows: Ids, codes: Codes, reached: npt.NDArray[np.bool_]
) -> tuple[Ids, Codes]:
    """(state, n-gram) of the states first `reached` by a byte behind these n-grams; `rows` are their transitions."""
    found: list[tuple[Ids, Codes]] = [(rows[:0], codes[:0])]
    for start in range(0, len(rows), _STATES_AT_ONCE):
        after = transitions[rows[start : start + _STATES_AT_ONCE]].ravel()
        new = np.flatnonzero(~reached[after])
        states, first = np.unique(after[new], return_index=True)
        reached[states] = True
        behind, byte = np.divmod(new[first], 256)
        found.append((states.astype(np.intp), codes[start + behind] << _BYTE | byte.astype(np.uint64)))
    return np.concatenate([one for one, _ in found]), np.concatenate([one for _, one in found])

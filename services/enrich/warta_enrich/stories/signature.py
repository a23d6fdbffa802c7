"""What of a text survives edits and cuts: MinHash over three-word shingles (Broder 1997), the same in every process."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]

SHINGLE: Final = 3  # words
# Two texts of which J of all shingles are in both share one of the bands with 1 - (1 - J**2)**BANDS: .9998 for a
# text in which 15 % of the words were changed (J = .44), .98 for one that was cut to a third.
BANDS: Final = 40
ROWS: Final = 2
BINS: Final = 256
# Fewer shingles are a headline or a caption, which says nothing about a copy.
SHINGLES_MIN: Final = 12
SIZE_MAX: Final = 65_535
_MOST_AT_ONCE = 4_096


@dataclass(frozen=True, slots=True)
class Signature:
    """`bands`: BANDS hashes of 8 bytes. `sketch`: of each of BINS equal parts of the hashes a byte of the least one, 0
    where it is empty (one permutation hashing, Li et al. 2012). `size`: the number of shingles.
    """

    bands: bytes
    sketch: bytes
    size: int


def signature(words: Sequence[str]) -> Signature | None:
    """The signature of a text's folded words; None where there are too few to tell a copy."""
    shingles = _shingles([word for word in words if word[0].isalnum()])
    if len(shingles) < SHINGLES_MIN:
        return None
    pairs = _minima(shingles).reshape(BANDS, ROWS)
    bands = _mixed((pairs[:, 0] << np.uint64(32) | pairs[:, 1]) + _BAND_NUMBERS)
    return Signature(bands.astype(">u8").tobytes(), _sketch(shingles), min(len(shingles), SIZE_MAX))


def _shingles(words: Sequence[str]) -> Hashes:
    """A hash of each three words that follow each other, each once, in order."""
    numbers = np.fromiter(map(_word_hash, words), np.uint64, len(words))
    if len(numbers) < SHINGLE:
        return numbers[:0]
    parts = (numbers[place : len(numbers) - SHINGLE + 1 + place] for place in range(SHINGLE))
    mixed = sum(part * factor for part, factor in zip(parts, _PLACES, strict=True))
    ordered = np.sort(_mixed(np.asarray(mixed, np.uint64)))
    return ordered[_first_of_equals(ordered)]


def _minima(shingles: Hashes) -> Hashes:
    """The least of 32 bits of each permutation (multiply-shift, Dietzfelbinger et al. 1997)."""
    least = np.full(BANDS * ROWS, np.iinfo(np.uint32).max, np.uint32)
    short = (shingles >> np.uint64(32)).astype(np.uint32)
    for start in range(0, len(short), _MOST_AT_ONCE):
        values = _FACTORS[:, None] * short[None, start : start + _MOST_AT_ONCE]
        values += _OFFSETS[:, None]
        least = np.minimum(least, values.min(axis=1))
    return least.astype(np.uint64)


def _sketch(shingles: Hashes) -> bytes:
    """From sorted hashes, of which the first of each bin is its least."""
    bins = (shingles >> np.uint64(56)).astype(np.intp)
    first = _first_of_equals(bins)
    sketch = np.zeros(BINS, np.uint8)
    sketch[bins[first]] = shingles[first] % np.uint64(255) + np.uint64(1)
    return sketch.tobytes()


def _first_of_equals(ordered: npt.NDArray[Any]) -> npt.NDArray[np.intp]:
    """Where each value of a sorted array stands first."""
    return np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))


@lru_cache(maxsize=50_000)
def _word_hash(word: str) -> int:
    """Python's own hash differs from process to process."""
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=8).digest())


def _mixed(values: Hashes) -> Hashes:
    """The finaliser of SplitMix64 (Steele et al. 2014): every bit of a value in every bit of the hash."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _numbers(start: int, count: int) -> Hashes:
    """Numbers without a pattern, always the same."""
    golden = np.uint64(0x9E3779B97F4A7C15)
    return _mixed((np.arange(start, start + count, dtype=np.uint64) + np.uint64(1)) * golden)


_PLACES = _numbers(0, SHINGLE) | np.uint64(1)
_FACTORS = (_numbers(100, BANDS * ROWS) | np.uint64(1)).astype(np.uint32)
_OFFSETS = _numbers(1_000, BANDS * ROWS).astype(np.uint32)
_BAND_NUMBERS = _numbers(5_000, BANDS)

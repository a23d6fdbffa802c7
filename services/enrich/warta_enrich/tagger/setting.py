"""What a sentence as a whole tells of its words: whether capitals mean something in it, and its language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import product, starmap
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from warta_enrich.steps.tokens import fold

Counts = npt.NDArray[np.integer[Any]]
Places = npt.NDArray[np.intp]

_LONG = 3  # letters: longer words judge the case of a sentence
_LONG_WORDS_MIN = 3
_HEADLINE_SHARE = 0.75


class Casing(StrEnum):
    """How a sentence is capitalised; capitals mean something only in plain ones."""

    PLAIN = ""
    HEADLINE = "t."
    CAPITALS = "u."


class Language(StrEnum):
    """Of which language a sentence has more small words; names are marked differently in the two."""

    INDONESIAN = "id"
    ENGLISH = "en"
    NEITHER = "?"


class Setting(NamedTuple):
    """Casing and language of a sentence."""

    case: Casing
    language: Language


SETTINGS = tuple(starmap(Setting, product(Casing, Language)))
"""All of them, by the order of casing and language."""


class Marks(NamedTuple):
    """What a word, or all words of a sentence, count for: long words, those of them with a capital first letter and
    those in capitals, small words of Indonesian and of English."""

    long: int
    initial: int
    upper: int
    indonesian: int
    english: int


def marks(word: str, languages: Mapping[str, Language]) -> Marks:
    """The marks of one word; `languages` are those of small words."""
    long = len(word) > _LONG and word[0].isalpha()
    language = languages.get(fold(word))
    return Marks(
        long,
        long and word[0].isupper(),
        long and word.isupper(),
        language == Language.INDONESIAN,
        language == Language.ENGLISH,
    )


def setting(words: Sequence[str], languages: Mapping[str, Language]) -> Setting:
    """The setting of a sentence."""
    counts = np.array([marks(word, languages) for word in words]).sum(axis=0, keepdims=True)
    return SETTINGS[int(settings_of(counts)[0])]


def settings_of(counts: Counts) -> Places:
    """(sentence,): the place in SETTINGS of each sentence, from the sums of its words' marks (sentence, mark)."""
    long, initial, upper, indonesian, english = counts.T
    headline = (long >= _LONG_WORDS_MIN) & (initial >= _HEADLINE_SHARE * long)
    case = headline.astype(np.intp) + (headline & (upper >= _HEADLINE_SHARE * long))
    language = np.where(indonesian == english, 2, np.where(indonesian > english, 0, 1))
    places: Places = case * len(Language) + language
    return places

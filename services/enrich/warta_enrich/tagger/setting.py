"""What a sentence as a whole tells of its words: whether capitals mean something in it, and its language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from warta_enrich.steps.tokens import fold

_LONG = 3  # letters: longer words judge the case of a sentence
_LONG_WORDS_MIN = 3
_HEADLINE_SHARE = 0.75
_BITS = 12  # of each count in a packed number: five of them fit into a machine word, which sums fastest
_LIMIT = (1 << _BITS) - 1


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
    counted = [marks(word, languages) for word in words]
    return setting_of(Marks(*map(sum, zip(*counted, strict=True))))


def setting_of(counts: Marks) -> Setting:
    """The setting of a sentence whose words have these marks together."""
    return Setting(_casing(counts), _language(counts))


def _casing(counts: Marks) -> Casing:
    """Judged by the long words: nearly all in capitals, nearly all with a capital first letter, or neither."""
    if counts.long < _LONG_WORDS_MIN or counts.initial < _HEADLINE_SHARE * counts.long:
        return Casing.PLAIN
    return Casing.CAPITALS if counts.upper >= _HEADLINE_SHARE * counts.long else Casing.HEADLINE


def _language(counts: Marks) -> Language:
    if counts.indonesian == counts.english:
        return Language.NEITHER
    return Language.INDONESIAN if counts.indonesian > counts.english else Language.ENGLISH


class SettingTable(dict[str, int]):
    """Words to their marks packed into one number, so that the counts of a sentence are one sum; fills by itself."""

    def __init__(self, languages: Mapping[str, Language]) -> None:
        super().__init__()
        self._languages = languages

    def __missing__(self, word: str) -> int:
        packed = 0
        for mark in marks(word, self._languages):
            packed = packed << _BITS | mark
        self[word] = packed
        return packed

    def of(self, words: Sequence[str]) -> Setting:
        """The setting of a sentence."""
        if len(words) > _LIMIT:
            return setting(words, self._languages)
        packed = sum(map(self.__getitem__, words))
        return setting_of(
            Marks(
                packed >> 4 * _BITS,
                packed >> 3 * _BITS & _LIMIT,
                packed >> 2 * _BITS & _LIMIT,
                packed >> _BITS & _LIMIT,
                packed & _LIMIT,
            )
        )

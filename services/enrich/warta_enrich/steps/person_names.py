"""Where a person's name ends: capitalised words, initials, particles and hyphens between them."""

from __future__ import annotations

from collections.abc import Mapping

from warta_enrich.steps.person_words import PersonWords
from warta_enrich.steps.tokens import Passage

NAME_WORDS_MAX = 5

Ends = Mapping[int, int]
"""Where known organisations and places stand in a passage: each of their tokens to the token after the last."""


def name_end(passage: Passage, start: int, ends: Ends, words: PersonWords) -> int:
    """The end of the name that starts here; `start` where there is none."""
    headline = passage.in_headline(start)
    index, named = start, 0
    while index < len(passage) and named < NAME_WORDS_MAX and index not in ends:
        word, folded = passage.words[index], passage.folded[index]
        if word == "." and len(passage.words[index - 1]) == 1 and index > start:
            index += 1
            continue
        if _hyphen(passage, index) and index > start:
            index += 2
            continue
        if folded in words.particles and named and _goes_on(passage, index + 1, words, headline=headline):
            index += 1
            continue
        if not _is_name(passage, index, words, headline=headline, first=not named):
            break
        index, named = index + 1, named + 1
    while index > start and (passage.words[index - 1] == "." or len(passage.words[index - 1]) == 1):
        index -= 1
    return index


def _goes_on(passage: Passage, index: int, words: PersonWords, *, headline: bool) -> bool:
    """A name part after a particle, also behind a hyphen (al-Jufri)."""
    index += 1 if index < len(passage) and passage.words[index] == "-" else 0
    return _is_name(passage, index, words, headline=headline)


def _hyphen(passage: Passage, index: int) -> bool:
    """A hyphen inside a name: Al-Jufri, Dae-jung."""
    if passage.words[index] != "-" or not 0 < index < len(passage) - 1:
        return False
    tight = (
        passage.ends[index - 1] == passage.starts[index] and passage.ends[index] == passage.starts[index + 1]
    )
    return tight and passage.words[index + 1].isalpha()


def _is_name(
    passage: Passage, index: int, words: PersonWords, *, headline: bool, first: bool = False
) -> bool:
    """A capitalised word that may be part of a name; in a headline capitals say nothing, the name list decides."""
    if index >= len(passage):
        return False
    word, folded = passage.words[index], passage.folded[index]
    if len(word) == 1:
        return word.isupper() and passage.words[index + 1 : index + 2] == (".",)
    if not word[0].isupper() or folded in words.never or any(char.isdigit() for char in word):
        return False
    if headline:
        return folded in words.names
    opener = first and (folded in words.ordinary or folded in words.particles)
    return not (word.isupper() or opener)


def continues(passage: Passage, start: int, end: int) -> bool:
    """Another capitalised word right before or after: a different name, unless all words are capitalised."""
    if passage.in_headline(start):
        return False
    after = end < len(passage) and passage.words[end][0].isupper() and passage.words[end].isalpha()
    before = start > 0 and passage.words[start - 1][0].isupper() and not passage.opens_sentence(start - 1)
    return after or before

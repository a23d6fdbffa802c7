"""Words and punctuation with their places: the form in which names, people and topics read a text."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import accumulate, compress, count
from typing import Literal

from warta_enrich.steps.numbers import Number, find_numbers

TEXT_MAX = 100_000
"""Characters of a body that the entity and topic steps look at; news is shorter, and time stays bounded."""

Field = Literal["title", "body"]
BREAK = "\n\n"

_CASE_WORDS, _BODY_CASE_WORDS = 200, 40  # long words that judge the case of a text
# A line with fewer long words may be a byline, one of more tokens is a paragraph.
_LINE_CASE_WORDS, _LINE_MAX = 6, 40
_LINE_ENDS = frozenset({".", "?", "!", ":", ";", ",", '"', "”"})

# A word keeps inner apostrophes (Qur'an) but not the possessive; a blank line is a token, so nothing spans it.
# Its first part is the quick way for most words: ASCII before a space or a mark that is no apostrophe.
_TOKEN = re.compile(
    r"([A-Za-z0-9]+(?![^\s!-&(-/:-@])|[^\W_]+(?:['’](?!s\b)[^\W_]+)*|['’]s\b|\n\s*\n|[^\w\s]|_)"
)
_WIDE_BREAK = re.compile(r"\n\s+\n")
_SENTENCE_ENDS = frozenset(
    {".", "?", "!", ":", ";", '"', "“", "”", "'", "‘", "(", "-", "–", "—", "•", "|", BREAK}
)


@dataclass(frozen=True, slots=True)
class Passage:
    """One field of an article as tokens: `words` as written, `folded` for look-up, `starts`/`ends` as offsets.

    `numbers` are found once for all the rules that hang on a number. `headlines` are the tokens of the lines within a
    text that are written like headlines: a page repeats its own and names others.
    """

    field: Field
    text: str
    words: tuple[str, ...]
    folded: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    numbers: tuple[Number, ...]
    all_caps: bool
    title_case: bool
    headlines: Set[int]

    def __len__(self) -> int:
        return len(self.words)

    def where(self, words: Container[str]) -> list[int]:
        """The tokens whose folded word is one of `words`, in order."""
        return [*compress(count(), map(words.__contains__, self.folded))]

    def in_headline(self, index: int) -> bool:
        """Whether a capital here says nothing, since nearly all words around have one."""
        return self.title_case or self.all_caps or index in self.headlines

    def opens_sentence(self, index: int) -> bool:
        """Whether a capital here may be due to its position alone."""
        return index == 0 or self.words[index - 1] in _SENTENCE_ENDS


def read_passage(field: Field, text: str) -> Passage:
    """Cut a field into tokens; linear in its length, of which at most TEXT_MAX characters count."""
    text = text[:TEXT_MAX]
    parts = _TOKEN.split(text)  # what stands between tokens, a token, and so on
    borders = tuple(accumulate(map(len, parts)))
    words = parts[1::2]
    if _WIDE_BREAK.search(text):
        words = [BREAK if word[0] == "\n" else word for word in words]
    all_caps, title_case = _capitals(words, field)
    return Passage(
        field=field,
        text=text,
        words=tuple(words),
        folded=tuple(map(fold, words)) if "’" in text else tuple(map(str.casefold, words)),
        starts=borders[:-1:2],
        ends=borders[1::2],
        numbers=tuple(find_numbers(text)),
        all_caps=all_caps,
        title_case=title_case,
        headlines=frozenset(_headlines(words)),
    )


def fold(word: str) -> str:
    """The look-up form of a word."""
    return word.casefold().replace("’", "'")


def phrase(text: str) -> tuple[str, ...]:
    """The tokens of a name or term as written, for tables."""
    return tuple(match.group() for match in _TOKEN.finditer(text))


def _capitals(words: Sequence[str], field: Field) -> tuple[bool, bool]:
    """Whether all words are in capitals, and whether they are written like a headline.

    A short body full of names is no headline, so a body needs more words to be taken for one.
    """
    long = _long(words)
    if not long:
        return False, False
    capitals = sum(word.isupper() for word in long)
    enough = field == "title" or len(long) >= _BODY_CASE_WORDS
    return capitals >= 0.8 * len(long), enough and _mostly_initials(long)


def _headlines(words: Sequence[str]) -> Iterator[int]:
    """The tokens of short lines that are no sentences and are written like headlines, where there are other lines."""
    breaks = [*compress(count(), map(BREAK.__eq__, words))]
    if not breaks:
        return
    for before, end in zip([-1, *breaks], [*breaks, len(words)], strict=True):
        line = words[before + 1 : end] if end - before <= _LINE_MAX else ()
        if line and line[-1] not in _LINE_ENDS:
            long = _long(line)
            if len(long) >= _LINE_CASE_WORDS and _mostly_initials(long):
                yield from range(before + 1, end)


def _long(words: Sequence[str]) -> list[str]:
    """The words that the case of a text is judged by."""
    return [word for word in words[:_CASE_WORDS] if len(word) > 3 and word[0].isalpha()]


def _mostly_initials(long: Sequence[str]) -> bool:
    return sum(word[0].isupper() for word in long) >= 0.75 * len(long)

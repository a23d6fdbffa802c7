"""Names behind a title, with whatever the office is for in between: Acting Governor of East Java Emil Dardak."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from warta_enrich.steps.gazetteer import Known
from warta_enrich.steps.person_names import Ends, continues, name_end
from warta_enrich.steps.person_words import PersonWords
from warta_enrich.steps.tokens import Passage

OFFICE_STEPS_MAX = 8
PARENTHESIS_WORDS_MAX = 5
_RANKS = frozenset(
    {"komjen", "irjen", "brigjen", "kombes", "akbp", "kompol", "akp", "iptu", "ipda", "aiptu", "aipda"}
    | {"bripka", "bripda", "letjen", "mayjen", "kolonel", "letkol", "prof", "dr", "drs"}
)  # that are nobody's name
_OF_RANK = frozenset({".", "pol", "inf", "arm", "kav", "czi", "mar"})  # Kombes Pol., Letkol Inf


class Person(NamedTuple):
    """A name at tokens start to end (exclusive) of a passage; `known` where the tables have them."""

    passage: Passage
    start: int
    end: int
    words: tuple[str, ...]
    known: Known | None

    @classmethod
    def at(cls, passage: Passage, start: int, end: int, known: Known | None = None) -> Person:
        """The person whose name stands there."""
        return cls(passage, start, end, passage.words[start:end], known)


def titled_names(passage: Passage, ends: Ends, words: PersonWords) -> Iterator[Person]:
    """Names after a title or office, and bare names all of whose words the name list has, left to right."""
    end = 0
    for index in passage.where(words.openers):
        if index < end:
            continue
        after = _after_title(passage, index, ends, words)
        end = name_end(passage, after, ends, words) if after is not None else index
        if after is not None and end > after:
            yield Person.at(passage, behind_rank(passage, after, end), end)


def behind_rank(passage: Passage, start: int, end: int) -> int:
    """Where the name begins: behind the last rank within it, since what stands before that is what the office is for
    (Kapolda Metro Jaya Irjen Karyoto).
    """
    before = max(0, start - 1)
    ranks = [at for at in range(before, end - 1) if passage.folded[at] in _RANKS]
    if not ranks:
        return start
    behind = ranks[-1] + 1
    while behind < end - 1 and passage.folded[behind] in _OF_RANK:
        behind += 1
    return behind


def _after_title(passage: Passage, index: int, ends: Ends, words: PersonWords) -> int | None:
    """The token after a title with its office (or where a listed name starts), or None."""
    if index in ends:
        return None
    if found := words.titles.longest(passage.folded, index):
        return after_office(passage, index + found[0], ends, words)
    found = words.speech.longest(passage.folded, index)
    start = index + found[0] if found else index
    return start if _listed(passage, start, ends, words) else None


def _listed(passage: Passage, start: int, ends: Ends, words: PersonWords) -> bool:
    """Two or more words of the name list in a row, with no capitalised word around them; no street or stadium."""
    if start >= len(passage) or passage.folded[start] not in words.names:
        return False
    if start and passage.folded[start - 1] in words.namesakes:
        return False
    end = name_end(passage, start, ends, words)
    return (
        end - start >= 2
        and words.names.issuperset(passage.folded[start:end])
        and not continues(passage, start, end)
    )


def after_office(passage: Passage, index: int, ends: Ends, words: PersonWords) -> int | None:
    """Skip further titles, the office (of the Ministry of Trade, bidang Pangan), abbreviation points, (..)."""
    folded = passage.folded
    for _ in range(OFFICE_STEPS_MAX):
        if index >= len(folded):
            return None
        if index in ends:
            index = ends[index]
        elif found := words.portfolios.longest(folded, index) or words.titles.longest(folded, index):
            index += found[0]
        elif folded[index] in words.qualifiers or (folded[index] == "." and len(folded[index - 1]) <= 5):
            index += 1
        elif folded[index] == "(" and ")" in folded[index + 1 : index + 2 + PARENTHESIS_WORDS_MAX]:
            index = folded.index(")", index) + 1
        elif folded[index] == "/" and index + 1 < len(folded):
            index += 1
        else:
            break
    return index if index < len(folded) else None

"""People: a title followed by a capitalised name, then the short forms of the people so found.

Precision first: without a title a name counts only when the name list supports all its words after a verb of
speech. Between title and name may stand what the office is for: "Acting Governor of East Java Emil Dardak".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import islice

from warta_enrich.rows import Row, split_cell
from warta_enrich.steps.mentions import Find
from warta_enrich.steps.phrases import PhraseTable
from warta_enrich.steps.tokens import Passage, fold, phrase

PERSON_COLUMNS = ("kind", "words")
PEOPLE_MAX = 400  # of an article; comparing their names costs the square of it
NAME_WORDS_MAX = 5
OFFICE_STEPS_MAX = 8
PARENTHESIS_WORDS_MAX = 5
_KINDS = ("title", "qualifier", "portfolio", "particle", "not-name", "speech", "name")

Ends = Mapping[int, int]
"""Where known organisations and places stand in a passage: start token to end token."""


@dataclass(frozen=True, slots=True)
class PersonWords:
    """Titles, portfolios and verbs of speech as phrases; single words that are, join, or never are part of a name."""

    titles: PhraseTable[None]
    portfolios: PhraseTable[None]
    speech: PhraseTable[None]
    qualifiers: frozenset[str]
    particles: frozenset[str]
    never: frozenset[str]
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Person:
    """A name at tokens start to end (exclusive) of a passage."""

    passage: Passage
    start: int
    end: int
    words: tuple[str, ...]


def build_person_words(rows: Sequence[Row]) -> PersonWords:
    """Compile rows; raises TableError for a kind that does not exist."""
    cells: dict[str, list[str]] = {kind: [] for kind in _KINDS}
    for row in rows:
        if row["kind"] not in cells:
            raise row.fail(f"kind {row['kind']!r}, expected one of {', '.join(_KINDS)}")
        cells[row["kind"]] += split_cell(row["words"])
    tables = {
        kind: PhraseTable((tuple(map(fold, phrase(text))), None) for text in cells[kind])
        for kind in ("title", "portfolio", "speech")
    }
    words = {
        kind: frozenset(map(fold, cells[kind])) for kind in ("qualifier", "particle", "not-name", "name")
    }
    return PersonWords(
        titles=tables["title"],
        portfolios=tables["portfolio"],
        speech=tables["speech"],
        qualifiers=words["qualifier"],
        particles=words["particle"],
        never=words["not-name"],
        names=words["name"],
    )


def find_people(passages: Sequence[tuple[Passage, Ends]], words: PersonWords) -> list[Find]:
    """Everyone named after a title, and each later short form of a full name, keyed by the folded full name."""
    titled = list(
        islice((p for passage, ends in passages for p in _titled(passage, ends, words)), PEOPLE_MAX)
    )
    full = _full_names(titled)
    known = [(person, full.get(person.words, person.words)) for person in titled]
    taken: set[tuple[str, int]] = {
        (person.passage.field, at) for person in titled for at in range(person.start, person.end)
    }
    short = _distinctive(set(full.values()) | {person.words for person in titled}, words)
    for passage, ends in passages:
        known += _short_forms(passage, ends, short, taken)
    known.sort(key=lambda pair: (pair[0].passage.field != "title", pair[0].start))
    return [_find(person, name) for person, name in known]


def _titled(passage: Passage, ends: Ends, words: PersonWords) -> Iterator[Person]:
    index = 0
    while index < len(passage):
        after = _after_title(passage, index, ends, words)
        end = _name_end(passage, after, ends, words) if after else index
        if after and end > after:
            yield Person(passage, after, end, passage.words[after:end])
        index = max(index + 1, end)


def _after_title(passage: Passage, index: int, ends: Ends, words: PersonWords) -> int:
    """The token after a title with its office, or 0 where no title starts."""
    if index in ends:
        return 0
    if found := words.titles.longest(passage.folded, index):
        return _after_office(passage, index + found[0], ends, words)
    if found := words.speech.longest(passage.folded, index):
        after = index + found[0]
        end = _name_end(passage, after, ends, words)
        supported = end - after >= 2 and words.names.issuperset(passage.folded[after:end])
        return after if supported else 0
    return 0


def _after_office(passage: Passage, index: int, ends: Ends, words: PersonWords) -> int:
    """Skip further titles, the office (of the Ministry of Trade, bidang Pangan), abbreviation points, (..)."""
    folded = passage.folded
    for _ in range(OFFICE_STEPS_MAX):
        if index >= len(folded):
            return 0
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
    return index if index < len(folded) else 0


def _name_end(passage: Passage, start: int, ends: Ends, words: PersonWords) -> int:
    """The end of the name that starts here; `start` where there is none."""
    headline = passage.title_case or passage.all_caps
    index, named = start, 0
    while index < len(passage) and named < NAME_WORDS_MAX and index not in ends:
        word, folded = passage.words[index], passage.folded[index]
        if word == "." and len(passage.words[index - 1]) == 1 and index > start:
            index += 1
            continue
        if folded in words.particles and named and _is_name(passage, index + 1, words, headline=headline):
            index += 1
            continue
        if not _is_name(passage, index, words, headline=headline):
            break
        index, named = index + 1, named + 1
    while index > start and (passage.words[index - 1] == "." or len(passage.words[index - 1]) == 1):
        index -= 1
    return index


def _is_name(passage: Passage, index: int, words: PersonWords, *, headline: bool) -> bool:
    """A capitalised word that may be part of a name; in a headline capitals say nothing, the name list decides."""
    if index >= len(passage):
        return False
    word, folded = passage.words[index], passage.folded[index]
    if not word[0].isupper() or folded in words.never or any(char.isdigit() for char in word):
        return False
    if headline:
        return folded in words.names
    return len(word) == 1 or not word.isupper()


def _full_names(titled: Sequence[Person]) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Each name to the longest name that holds all its words, where only one does."""
    names = sorted({person.words for person in titled}, key=lambda name: (-len(name), name))
    full: dict[tuple[str, ...], tuple[str, ...]] = {}
    for name in names:
        longer = [other for other in names if len(other) > len(name) and set(name) <= set(other)]
        roots = {full[other] for other in longer}
        full[name] = roots.pop() if len(roots) == 1 else name
    return full


def _distinctive(names: set[tuple[str, ...]], words: PersonWords) -> dict[str, tuple[str, ...]]:
    """First and last words that point to one person and are no other word of this trade."""
    owners: dict[str, set[tuple[str, ...]]] = {}
    for name in names:
        for word in (name[0], name[-1]):
            owners.setdefault(word, set()).add(max((n for n in names if set(name) <= set(n)), key=len))
    return {
        word: next(iter(people))
        for word, people in owners.items()
        if len(people) == 1 and len(word) > 2 and not words.titles.starts(fold(word))
    }


def _short_forms(
    passage: Passage, ends: Ends, short: Mapping[str, tuple[str, ...]], taken: Set[tuple[str, int]]
) -> Iterator[tuple[Person, tuple[str, ...]]]:
    """Later names of known people: the words of the full name that stand together, or one distinctive word."""
    index = 0
    while index < len(passage):
        name = short.get(passage.words[index])
        end = index + 1
        if name is None or (passage.field, index) in taken or index in ends:
            index = ends.get(index, end)
            continue
        while end < len(passage) and passage.words[end] in name:
            end += 1
        if not _continues(passage, index, end):
            yield Person(passage, index, end, passage.words[index:end]), name
        index = end


def _continues(passage: Passage, start: int, end: int) -> bool:
    """Another capitalised word right before or after: a different name, unless all words are capitalised."""
    if passage.title_case or passage.all_caps:
        return False
    after = end < len(passage) and passage.words[end][0].isupper() and passage.words[end].isalpha()
    before = start > 0 and passage.words[start - 1][0].isupper() and not passage.opens_sentence(start - 1)
    return after or before


def _find(person: Person, name: tuple[str, ...]) -> Find:
    passage = person.passage
    start, end = passage.starts[person.start], passage.ends[person.end - 1]
    return Find(passage.field, start, end, (fold(" ".join(name)),), _shown(name))


def _shown(name: tuple[str, ...]) -> str:
    """The words of a name joined: points close to the initial before them."""
    return " ".join(name).replace(" .", ".").replace(" '", "'").replace(" -", "-").replace("- ", "-")

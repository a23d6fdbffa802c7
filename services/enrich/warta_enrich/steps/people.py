"""People: who is named after a title, by a listed name or for the tagger, and then by a short form of that name.

For the rules a capitalised word alone is nobody: one word behind a title needs the name list or a longer name in
the same article. The tagger judges by the sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import islice

from warta_enrich.steps.gazetteer import Known
from warta_enrich.steps.mentions import Find, name_key
from warta_enrich.steps.person_names import Ends, continues
from warta_enrich.steps.person_words import PersonWords
from warta_enrich.steps.titled_names import Person, titled_names
from warta_enrich.steps.tokens import Passage, fold

PEOPLE_MAX = 400  # of an article; comparing their names costs the square of it


def find_people(
    passages: Sequence[tuple[Passage, Ends]], words: PersonWords, persons: Sequence[Person] = ()
) -> list[Find[str]]:
    """Everyone named, and each later short form of a full name, keyed by their id or by the folded full name.

    People are those named after a title, and those that the tables or the tagger found (`persons`, without titles);
    where both see the same one, the longer span stands.
    """
    named = islice((p for passage, ends in passages for p in titled_names(passage, ends, words)), PEOPLE_MAX)
    titled = _longest([*persons, *_supported(list(named), words)])[:PEOPLE_MAX]
    titled = _of_namesakes(titled, words)
    titled = _unambiguous(titled)
    full = _full_names(titled)
    known = [
        (person, person.words if person.known else full.get(person.words, person.words)) for person in titled
    ]
    taken: set[tuple[str, int]] = {
        (person.passage.field, at) for person in titled for at in range(person.start, person.end)
    }
    short = _distinctive(set(full.values()) | {person.words for person in titled}, words)
    for passage, ends in passages:
        known += _short_forms(passage, ends, short, taken)
    known.sort(key=lambda pair: (pair[0].passage.field != "title", pair[0].start))
    ids = {name: person.known for person, name in known if person.known}
    return [_find(person, name, ids.get(name)) for person, name in known]


def _supported(titled: Sequence[Person], words: PersonWords) -> list[Person]:
    """A single word is a name only if the list has it or it is part of a longer name in the article."""
    parts = {word for person in titled if len(person.words) > 1 for word in person.words}
    return [p for p in titled if len(p.words) > 1 or p.words[0] in parts or fold(p.words[0]) in words.names]


def _longest(people: Sequence[Person]) -> list[Person]:
    """Of people that overlap the one with the most words, the first where they are equal; in reading order."""
    taken: set[tuple[str, int]] = set()
    kept = []
    for person in sorted(people, key=lambda person: person.start - person.end):
        places = {(person.passage.field, at) for at in range(person.start, person.end)}
        if taken.isdisjoint(places):
            taken |= places
            kept.append(person)
    return sorted(kept, key=lambda person: (person.passage.field != "title", person.start))


def _of_namesakes(people: Sequence[Person], words: PersonWords) -> list[Person]:
    """Known people by one word are nobody known where the text has it only in another's full name, unless a title
    stands before it: Megawati after Megawati Hangestri Pertiwi. The last word does not count: a wife may have it.
    """
    full = [person for person in people if len(person.words) > 1 and person.words[1].isalpha()]
    own = {(word, person.known) for person in full for word in person.words}
    others = {word for person in full for word in person.words[:-1]}
    return [
        person._replace(known=None)
        if person.known
        and len(person.words) == 1
        and person.words[0] in others
        and (person.words[0], person.known) not in own
        and not _titled(person, words)
        else person
        for person in people
    ]


def _titled(person: Person, words: PersonWords) -> bool:
    return person.start > 0 and words.titles.starts(person.passage.folded[person.start - 1])


def _unambiguous(people: Sequence[Person]) -> list[Person]:
    """Without single words that are part of several people's names, of which none holds the others."""
    names = {person.words for person in people if len(person.words) > 1}
    holders: dict[str, list[set[str]]] = {}
    for name in names:
        for word in set(name):
            holders.setdefault(word, []).append(set(name))
    return [
        person
        for person in people
        if person.known or len(person.words) > 1 or _nested(holders.get(person.words[0], []))
    ]


def _nested(names: Sequence[set[str]]) -> bool:
    """Whether the longest of the names holds all others."""
    longest = max(names, key=len, default=set())
    return all(name <= longest for name in names)


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
    end = 0
    for index in passage.where({fold(word) for word in short}):
        name = short.get(passage.words[index])
        if name is None or index < end or (passage.field, index) in taken or index in ends:
            continue
        end = index + 1
        while end < len(passage) and passage.words[end] in name:
            end += 1
        if not continues(passage, index, end):
            yield Person.at(passage, index, end), name


def _find(person: Person, name: tuple[str, ...], known: Known | None) -> Find[str]:
    passage = person.passage
    start, end = passage.starts[person.start], passage.ends[person.end - 1]
    if known:
        return Find(passage.field, start, end, known.id, known.name)
    return Find(passage.field, start, end, name_key(" ".join(name)), _shown(name))


def _shown(name: tuple[str, ...]) -> str:
    """The words of a name joined: points close to the initial before them."""
    return " ".join(name).replace(" .", ".").replace(" '", "'").replace(" -", "-").replace("- ", "-")

"""Acronyms that a text introduces: Komisi Pemberantasan Korupsi (KPK), and from then on KPK."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from warta_enrich.steps.mentions import Find, is_id
from warta_enrich.steps.tokens import Passage

_LETTERS = (2, 12)


def joined(finds: Sequence[Find[str]], passages: Sequence[Passage]) -> list[Find[str]]:
    """The finds, and with them every acronym that stands in brackets behind one of them, wherever it is used.

    A find whose text is such an acronym becomes the entity that it stands for, unless it has an id of its own.
    """
    owners: dict[str, Find[str]] = {}
    for acronym, find in _introduced(finds, passages):
        owners.setdefault(acronym, find)
    if not owners:
        return list(finds)
    texts = {passage.field: passage.text for passage in passages}
    kept = [_owned(find, texts[find.field][find.start : find.end], owners) for find in finds]
    return sorted(
        [*kept, *_used(passages, owners, kept)], key=lambda find: (find.field != "title", find.start)
    )


def _introduced(finds: Iterable[Find[str]], passages: Sequence[Passage]) -> Iterator[tuple[str, Find[str]]]:
    """(acronym, the find it stands for), in the order of the finds; also where the find holds the brackets."""
    places = {passage.field: passage for passage in passages}
    for find in finds:
        passage = places[find.field]
        last = bisect_left(passage.ends, find.end)
        if last == len(passage) or passage.ends[last] != find.end:
            continue
        if passage.words[last] == ")":
            last -= 3
        if last < 0 or passage.words[last + 1 : last + 4 : 2] != ("(", ")"):
            continue
        full = passage.text[find.start : passage.ends[last]]
        acronym = passage.words[last + 2]
        if stands_for(acronym, full):
            yield acronym, find


def stands_for(acronym: str, full: str) -> bool:
    """Whether the letters of an acronym occur in this order in a longer name, the first as its first letter."""
    if not (acronym.isupper() and _LETTERS[0] <= len(acronym) <= _LETTERS[1] and len(full) > len(acronym)):
        return False
    letters = iter(full.casefold())
    return full[:1].casefold() == acronym[:1].casefold() and all(
        char in letters for char in acronym.casefold()
    )


def _owned(find: Find[str], text: str, owners: dict[str, Find[str]]) -> Find[str]:
    owner = owners.get(text)
    return find._replace(key=owner.key, name=owner.name) if owner and not is_id(find.key) else find


def _used(
    passages: Sequence[Passage], owners: dict[str, Find[str]], finds: Sequence[Find[str]]
) -> Iterator[Find[str]]:
    """Each place where an introduced acronym stands outside all finds."""
    taken: dict[str, set[int]] = {}
    for find in finds:
        taken.setdefault(find.field, set()).update(range(find.start, find.end))
    for passage in passages:
        for word, start, end in zip(passage.words, passage.starts, passage.ends, strict=True):
            if (owner := owners.get(word)) and start not in taken.get(passage.field, ()):
                yield Find(passage.field, start, end, owner.key, owner.name)

"""What lists and open text say about words and phrases, whatever the text at hand: the tagger's background."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from sys import intern
from typing import NamedTuple

from warta_enrich.rows import Row, read_rows, split_cell
from warta_enrich.steps.phrases import PhraseTable
from warta_enrich.steps.tokens import fold, phrase
from warta_enrich.tagger.setting import Language

WORD_COLUMNS = ("attributes", "words")
NAME_COLUMNS = ("kind", "names")
WORD_FILES = ("tagger_words.tsv", "tagger_dbpedia_words.tsv", "tagger_clusters.tsv")
LANGUAGE_COLUMNS = ("language", "words")
LANGUAGE_FILE = "function_words.tsv"
NAME_FILES = ("tagger_names.tsv", "tagger_dbpedia_names.tsv")
ENTITY_KINDS = {"organisation": "ORG", "place": "LOC", "person": "PER"}
_SHORT = 2  # letters: shorter names of one word are no evidence


class Listed(NamedTuple):
    """A name of a list: its kind (PER, ORG, LOC), and whether it is an acronym that must be written as one."""

    kind: str
    acronym: bool


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Attributes of folded words, one mapping for each source, listed names, and the language of small words."""

    words: tuple[Mapping[str, tuple[str, ...]], ...]
    names: PhraseTable[Listed]
    languages: Mapping[str, Language]

    def attributes(self, folded: str) -> Iterator[str]:
        """Everything that is known of a word."""
        for mapping in self.words:
            yield from mapping.get(folded, ())


def load_knowledge(folder: Path, entity_rows: Iterable[Row]) -> Knowledge:
    """Knowledge from the compiled tables of `folder` and the names of entities (id, kind, name, home, aliases)."""
    words = tuple(_read_words(folder / name) for name in WORD_FILES)
    names = (entry for name in NAME_FILES for entry in _read_names(folder / name))
    listed = listed_names(chain(names, entity_names(entity_rows)))
    return Knowledge(words, listed, _read_languages(folder / LANGUAGE_FILE))


def listed_names(names: Iterable[tuple[str, str]]) -> PhraseTable[Listed]:
    """A look-up table of (kind, name as written)."""
    return PhraseTable(
        (tuple(map(fold, words)), _listed(kind, len(words) == 1 and words[0].isupper()))
        for kind, name in names
        if (words := phrase(name)) and (len(words) > 1 or len(words[0]) > _SHORT or words[0].isupper())
    )


@cache
def _listed(kind: str, acronym: bool) -> Listed:
    """One object for all names alike: there are tens of thousands."""
    return Listed(kind, acronym)


def entity_names(rows: Iterable[Row]) -> Iterator[tuple[str, str]]:
    """(kind, name) of each name and alias of an entity table, the rules for aliases left aside."""
    for row in rows:
        if kind := ENTITY_KINDS.get(row["kind"]):
            yield kind, row["name"]
            yield from ((kind, alias.partition("=")[0].strip()) for alias in split_cell(row["aliases"]))


def opens_name(word: str, folded: str, names: PhraseTable[Listed]) -> bool:
    """Whether a listed name can start with this word as it is written."""
    return folded in names.first_words and not word.islower()


def name_tags(
    words: Sequence[str], folded: Sequence[str], openers: Iterable[int], names: PhraseTable[Listed]
) -> dict[int, str]:
    """Tokens inside listed names, as `B-ORG` or `I-LOC` (`B-LOCORG` where two lists have it): longest first.

    `openers` are the tokens at which a name may start, in order.
    """
    tags: dict[int, str] = {}
    end = 0
    for index in openers:
        if index < end:
            continue
        for size, found in names.at(folded, index):
            kinds = {listed.kind for listed in found if not listed.acronym or words[index].isupper()}
            if kinds:
                end = index + size
                kind = "".join(sorted(kinds))
                tags[index] = f"B-{kind}"
                tags.update(dict.fromkeys(range(index + 1, end), f"I-{kind}"))
                break
    return tags


def _read_words(path: Path) -> dict[str, tuple[str, ...]]:
    words: dict[str, tuple[str, ...]] = {}
    for row in read_rows(path, WORD_COLUMNS):
        attributes = tuple(map(intern, row["attributes"].split()))  # many rows, few attributes
        words.update(dict.fromkeys(map(intern, row["words"].split()), attributes))
    return words


def _read_languages(path: Path) -> dict[str, Language]:
    """Small words that only one of the two languages has."""
    words = {row["language"]: set(row["words"].split()) for row in read_rows(path, LANGUAGE_COLUMNS)}
    indonesian, english = (words.get(str(one), set()) for one in (Language.INDONESIAN, Language.ENGLISH))
    return {
        **dict.fromkeys(indonesian - english, Language.INDONESIAN),
        **dict.fromkeys(english - indonesian, Language.ENGLISH),
    }


def _read_names(path: Path) -> Iterator[tuple[str, str]]:
    for row in read_rows(path, NAME_COLUMNS):
        yield from ((row["kind"], name) for name in split_cell(row["names"]))

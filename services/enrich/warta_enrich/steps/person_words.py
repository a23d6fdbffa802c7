"""The words that people are found by: titles, portfolios, verbs of speech, and what is or is not part of a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from warta_enrich.rows import Row, split_cell
from warta_enrich.steps.phrases import PhraseTable
from warta_enrich.steps.tokens import fold, phrase

PERSON_COLUMNS = ("kind", "words")
_KINDS = ("title", "qualifier", "portfolio", "particle", "not-name", "ordinary", "speech", "name", "namesake")


@dataclass(frozen=True, slots=True)
class PersonWords:
    """Titles, portfolios and verbs of speech as phrases; single words that are, join, or never are part of a name.

    `openers` are the words at which a title or a listed name can start at all.
    """

    titles: PhraseTable[None]
    portfolios: PhraseTable[None]
    speech: PhraseTable[None]
    qualifiers: frozenset[str]
    particles: frozenset[str]
    never: frozenset[str]
    ordinary: frozenset[str]
    names: frozenset[str]
    namesakes: frozenset[str]
    openers: frozenset[str]


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
        kind: frozenset(map(fold, cells[kind]))
        for kind in ("qualifier", "particle", "not-name", "ordinary", "name", "namesake")
    }
    return PersonWords(
        titles=tables["title"],
        portfolios=tables["portfolio"],
        speech=tables["speech"],
        qualifiers=words["qualifier"],
        particles=words["particle"],
        never=words["not-name"],
        ordinary=words["ordinary"],
        names=words["name"],
        namesakes=words["namesake"],
        openers=words["name"] | tables["title"].first_words | tables["speech"].first_words,
    )

"""Names of organisations and places from compiled tables: longest match over tokens, then evidence.

An alias may carry a rule, written `alias=rule` in the tables: `home` (the article must be about the entity's
country), `in:id` (only in texts of that language), `inside` (a capital that the sentence does not explain), a period
(2018-05-24..2023-05-24: the article's day lies in it; an end may be open), or the name of a cue class (one of its words
must stand close by); `&` between two rules asks for both. Without evidence there is no entity.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from warta_enrich.rows import Row, split_cell
from warta_enrich.steps.periods import is_period
from warta_enrich.steps.phrases import PHRASE_WORDS_MAX, PhraseTable
from warta_enrich.steps.tokens import Passage, fold, phrase
from warta_shared.events.fields import NAME_MAX

ENTITY_COLUMNS = ("id", "kind", "name", "home", "aliases")
CUE_COLUMNS = ("cue", "before", "after", "words")
KINDS = frozenset({"organisation", "place", "person", "ticker", "demonym"})
HOME, INSIDE, LANGUAGE, BOTH = "home", "inside", "in:", "&"
_HOME = re.compile(r"(?:[A-Z]{2})?")
_ID = re.compile(r"[A-Za-z0-9]{1,30}:[A-Za-z0-9._:-]{1,97}")


@dataclass(frozen=True, slots=True)
class Known:
    """An entity of the tables; `home` is the ISO 3166 country it belongs to, or empty."""

    id: str
    kind: str
    name: str
    home: str


@dataclass(frozen=True, slots=True)
class Alias:
    """One way to write a known entity; `words` as they must be capitalised, `rules` that all must hold."""

    entity: Known
    words: tuple[str, ...]
    rules: tuple[str, ...]

    def fits(self, words: tuple[str, ...]) -> bool:
        """Capitals agree: acronyms exactly, other words at least in the first letter."""
        return words == self.words or all(map(_capital_fits, self.words, words))


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that vouch for an ambiguous name, and how many tokens before and after it they may stand."""

    before: int
    after: int
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All known names, ready for look-up; `small`: the first words of those that need no capital at the start."""

    names: PhraseTable[Alias]
    small: frozenset[str]
    cues: Mapping[str, Cue]


class Match(NamedTuple):
    """Tokens start to end (exclusive) of a passage may be one of `aliases`, best first."""

    passage: Passage
    start: int
    end: int
    aliases: tuple[Alias, ...]

    def certain(self) -> Known | None:
        """The entity, where no rule asks for evidence; a namesake next door (Kabupaten Bogor) raises no doubt."""
        first = self.aliases[0].entity
        for alias in self.aliases:
            if (alias.entity.kind, alias.entity.home) != (first.kind, first.home):
                return None
            if not alias.rules:
                return alias.entity
        return None


def build_gazetteer(entity_rows: Iterable[Row], cue_rows: Iterable[Row]) -> Gazetteer:
    """Compile rows; raises TableError at the first that cannot be used. Earlier rows win a shared alias."""
    cues = {row["cue"]: _read_cue(row) for row in cue_rows}
    aliases = [alias for row in entity_rows for alias in _read_aliases(row, cues)]
    small = frozenset(fold(alias.words[0]) for alias in aliases if not alias.words[0][0].isupper())
    return Gazetteer(PhraseTable((tuple(map(fold, alias.words)), alias) for alias in aliases), small, cues)


def find_names(passage: Passage, gazetteer: Gazetteer) -> Iterator[Match]:
    """Longest names first, left to right, none overlapping."""
    names, folded, end = gazetteer.names, passage.folded, 0
    small, words = gazetteer.small, passage.words
    for index in passage.where(names.first_words):
        if index < end or (words[index] == folded[index] and folded[index] not in small):
            continue
        for size, aliases in names.at(folded, index):
            written = passage.words[index : index + size]
            fitting = [alias for alias in aliases if alias.fits(written) and not _risky(alias, passage)]
            if len(fitting) > 1:
                fitting.sort(key=lambda alias: alias.words != written)  # as written first: MAJU before Maju
            if fitting:
                end = index + size
                yield Match(passage, index, end, tuple(fitting))
                break


def _capital_fits(alias_word: str, word: str) -> bool:
    if len(alias_word) > 1 and alias_word.isupper():
        return word == alias_word
    return not alias_word[0].isupper() or word[0].isupper()


def _risky(alias: Alias, passage: Passage) -> bool:
    """In a text all in capitals a short acronym may be any word."""
    return passage.all_caps and len(alias.words) == 1 and (len(alias.words[0]) <= 3 or bool(alias.rules))


def _is_rule(rule: str, cues: Mapping[str, Cue]) -> bool:
    return rule in {HOME, INSIDE} or rule in cues or rule.startswith(LANGUAGE) or is_period(rule)


def _read_cue(row: Row) -> Cue:
    if not (row["before"].isdigit() and row["after"].isdigit() and row["words"]):
        raise row.fail("expected a cue name, two numbers of tokens, and words separated by spaces")
    return Cue(int(row["before"]), int(row["after"]), frozenset(map(fold, row["words"].split())))


def _read_aliases(row: Row, cues: Mapping[str, Cue]) -> Iterator[Alias]:
    """The name itself and the aliases of a row; a rule given for the name replaces its plain form."""
    if row["kind"] not in KINDS:
        raise row.fail(f"kind {row['kind']!r}, expected one of {', '.join(sorted(KINDS))}")
    if not 0 < len(row["name"]) <= NAME_MAX:
        raise row.fail(f"expected a name of 1 to {NAME_MAX} characters")
    if not _HOME.fullmatch(row["home"]):
        raise row.fail(
            f"home {row['home']!r}, expected a country's two capitals (ISO 3166, such as ID) or nothing"
        )
    if not _ID.fullmatch(row["id"]):
        raise row.fail(f"the id {row['id']!r} must look like org:short-name: letters, digits and . _ : -")
    entity = Known(row["id"], row["kind"], row["name"], row["home"])
    rules = {
        text.strip(): rule for text, _, rule in (alias.partition("=") for alias in split_cell(row["aliases"]))
    }
    if entity.kind != "demonym":
        rules.setdefault(entity.name, "")
    for text, rule in sorted(rules.items(), key=lambda item: item[1]):
        parts = tuple(rule.split(BOTH)) if rule else ()
        if not all(_is_rule(part, cues) for part in parts):
            raise row.fail(
                f"alias {text!r} has the rule {rule!r}, which is neither a cue nor home, inside, in:xx or a period"
                " such as 2018-05-24..2023-05-24"
            )
        words = phrase(text)
        if not 0 < len(words) <= PHRASE_WORDS_MAX:
            raise row.fail(f"alias {text!r} has {len(words)} words, expected 1 to {PHRASE_WORDS_MAX}")
        yield Alias(entity, words, parts)

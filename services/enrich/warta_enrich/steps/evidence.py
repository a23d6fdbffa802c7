"""Which possible names are what they look like: by cue words, by the article's country and day, by what is named in
full.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from warta_enrich.steps.gazetteer import HOME, INSIDE, LANGUAGE, Alias, Cue, Gazetteer, Known, Match
from warta_enrich.steps.periods import within

_HOMES = {"id": "ID", "jv": "ID", "su": "ID", "min": "ID", "ms": "MY"}
_NOT_BEFORE = frozenset({"jalan", "jl", "jln", "dolar"})
_NOT_AFTER = frozenset({"$", "dollar", "dollars", "street"})
_POSSESSIVE = frozenset({"'s", "the", "of"})


class Named(NamedTuple):
    """A name that is settled: tokens start to end (exclusive) of match.passage are `entity`."""

    match: Match
    entity: Known


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the whole article says: its day, language, countries it is about, entities named beyond doubt; and the words
    that vouch for a name.
    """

    day: date
    language: str
    homes: frozenset[str]
    certain: frozenset[str]
    cues: Mapping[str, Cue]


def settle(
    matches: Sequence[Match], gazetteer: Gazetteer, day: date, language: str, country: str | None = None
) -> list[Named]:
    """The matches that have the evidence their alias asks for; `day` of publication, `country` of the source."""
    known = [entity for match in matches if (entity := match.certain())]
    homes = _homes(known) | {_HOMES.get(language, ""), country or ""}
    certain = frozenset(entity.id for entity in known)
    evidence = Evidence(day, language, frozenset(homes - {""}), certain, gazetteer.cues)
    settled: list[Named] = []
    for index, match in enumerate(matches):
        for alias in match.aliases:
            if _holds(alias, index, matches, evidence):
                settled.append(Named(match, alias.entity))
                break
    return settled


def _homes(known: Sequence[Known]) -> set[str]:
    """The countries that the article is about: those named at least half as often as the foremost."""
    counts = Counter(entity.home for entity in known if entity.home)
    most = max(counts.values(), default=0)
    return {home for home, count in counts.items() if 2 * count >= most}


def _holds(alias: Alias, index: int, matches: Sequence[Match], evidence: Evidence) -> bool:
    """Whether all rules of an alias hold; rules but those of country and language are void where it is certain."""
    if alias.entity.kind == "place" and not _stands_for_place(matches[index]):
        return False
    return all(_rule_holds(rule, alias.entity, index, matches, evidence) for rule in alias.rules)


def _rule_holds(rule: str, entity: Known, index: int, matches: Sequence[Match], evidence: Evidence) -> bool:
    match = matches[index]
    if rule == HOME:
        return entity.home in evidence.homes and not _foreign(entity.home, index, matches)
    if rule.startswith(LANGUAGE):
        return evidence.language == rule.removeprefix(LANGUAGE)
    if entity.id in evidence.certain:
        return True
    if rule == INSIDE:
        return _inside(match) or _cued(match, "place", evidence.cues)
    return _cued(match, rule, evidence.cues) if rule in evidence.cues else within(evidence.day, rule)


def _stands_for_place(match: Match) -> bool:
    """Not a street named after the place, not part of a currency (US$, dolar AS, Singapore dollars)."""
    folded = match.passage.folded
    before, after = folded[max(0, match.start - 1) : match.start], folded[match.end : match.end + 1]
    return _NOT_BEFORE.isdisjoint(before) and _NOT_AFTER.isdisjoint(after)


def _inside(match: Match) -> bool:
    """The capital is the name's own: no headline, no start of a sentence."""
    passage = match.passage
    return not (passage.in_headline(match.start) or passage.opens_sentence(match.start))


def _cued(match: Match, name: str, cues: Mapping[str, Cue]) -> bool:
    """Whether one of the cue's words stands close enough."""
    cue, folded = cues[name], match.passage.folded
    near = (
        *folded[max(0, match.start - cue.before) : match.start],
        *folded[match.end : match.end + cue.after],
    )
    return not cue.words.isdisjoint(near)


def _foreign(home: str, index: int, matches: Sequence[Match]) -> bool:
    """Another country stands right before (Japan's Finance Ministry) or after (Mahkamah Agung AS)."""
    match = matches[index]
    before = matches[index - 1] if index else None
    after = matches[index + 1] if index + 1 < len(matches) else None
    return (before is not None and _other_country(before, home) and _touch(before, match)) or (
        after is not None and _other_country(after, home) and _touch(match, after)
    )


def _other_country(match: Match, home: str) -> bool:
    first = match.aliases[0].entity
    return first.id.startswith("country:") and first.home != home


def _touch(left: Match, right: Match) -> bool:
    if left.passage is not right.passage:
        return False
    between = left.passage.folded[left.end : right.start]
    return len(between) <= 2 and _POSSESSIVE.issuperset(between)

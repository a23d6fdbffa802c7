"""Topics as IPTC Media Topics codes: the publisher's section first, then the words of the text.

Every code has words that speak for it. A deeper code's words also speak for its top level. What is only touched
upon stays below the threshold, and an article about nothing in the table gets no topic.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

from warta_enrich.rows import Row, split_cell
from warta_enrich.steps.phrases import PhraseTable
from warta_enrich.steps.tokens import Passage
from warta_shared.events import Topic

TOPIC_COLUMNS = ("code", "top", "name_en", "name_id")
TERM_COLUMNS = ("code", "weight", "terms")
TOPICS_MAX = 8
TOP_LEVELS_MAX = 3
HINT_SCORE = 0.9
SHORT_WORDS = 60  # a headline or a sentence: one word must do
STRENGTH_MIN, STRENGTH_MIN_SHORT = 4.0, 1.0
TOP_SHARE_MIN, DEEP_SHARE_MIN, DEEP_ALONE_SHARE = 0.45, 0.3, 0.6
HALF_STRENGTH = 4.0  # the strength that scores one half
TITLE_WEIGHT = 2.0
_LEXICON_LANGUAGES = frozenset({"id", "en", "ms", "jv", "su", "min", "und"})


@dataclass(frozen=True, slots=True)
class Code:
    """A Media Topic with its English name and the top level it belongs to."""

    code: str
    top: str
    name: str


Strength = tuple[tuple[str, float], ...]
"""Codes, and how strongly a term speaks for each."""


@dataclass(frozen=True, slots=True)
class TopicLexicon:
    """All codes, and the terms (folded words) with what each speaks for."""

    codes: Mapping[str, Code]
    terms: PhraseTable[Strength]


def build_topics(topic_rows: Iterable[Row], term_rows: Iterable[Row]) -> TopicLexicon:
    """Compile rows; raises TableError for an unknown code or a weight that is no positive number."""
    codes = {row["code"]: Code(row["code"], row["top"], row["name_en"]) for row in topic_rows}
    weights: dict[str, dict[str, float]] = {}
    for row in term_rows:
        if row["code"] not in codes:
            raise row.fail(f"{row['code']!r} is no Media Topic in use")
        weight = _weight(row)
        for term in split_cell(row["terms"]):
            weights.setdefault(term, {}).setdefault(row["code"], weight)
    return TopicLexicon(
        codes,
        PhraseTable((tuple(term.split()), _with_top_levels(found, codes)) for term, found in weights.items()),
    )


def find_topics(
    passages: Sequence[Passage], lexicon: TopicLexicon, language: str, hints: Iterable[str] = ()
) -> tuple[Topic, ...]:
    """At most TOPICS_MAX topics, the likeliest first; `hints` are codes that the publisher's section stands for."""
    scores = {code: HINT_SCORE for code in hints if code in lexicon.codes}
    if language in _LEXICON_LANGUAGES:
        for code, score in _by_words(passages, lexicon).items():
            scores[code] = max(score, scores.get(code, 0.0))
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:TOPICS_MAX]
    return tuple(Topic(code=code, name=lexicon.codes[code].name, score=score) for code, score in ranked)


def strengths(passages: Sequence[Passage], lexicon: TopicLexicon) -> dict[str, float]:
    """How strongly the words speak for each code; repeated words count ever less."""
    counts: dict[str, float] = {}
    values: dict[str, Strength] = {}
    for passage in passages:
        weight = TITLE_WEIGHT if passage.field == "title" else 1.0
        for term, codes in _terms(passage, lexicon):
            counts[term] = counts.get(term, 0.0) + weight
            values[term] = codes
    strength: dict[str, float] = {}
    for term, count in counts.items():
        often = 1.0 + log(count)
        for code, weight in values[term]:
            strength[code] = strength.get(code, 0.0) + weight * often
    return strength


def _terms(passage: Passage, lexicon: TopicLexicon) -> Iterable[tuple[str, Strength]]:
    """Longest terms, left to right, over words only: suku bunga is found in suku-bunga too."""
    words = [  # without the Indonesian suffix -nya: ekonominya is ekonomi
        word[:-3] if word.endswith("nya") and len(word) > 6 else word
        for word in passage.folded
        if word[0].isalnum()
    ]
    end, openers = 0, lexicon.terms.first_words
    for index in [index for index, word in enumerate(words) if word in openers]:
        if index >= end and (found := lexicon.terms.longest(words, index)):
            end = index + found[0]
            yield " ".join(words[index:end]), found[1][0]


def _with_top_levels(weights: Mapping[str, float], codes: Mapping[str, Code]) -> Strength:
    """The codes of a term and their top levels; a term of several top levels is shared between them."""
    deep = {code: weight for code, weight in weights.items() if codes[code].top != code}
    tops = {codes[code].top: 1.0 for code in deep} | {
        code: w for code, w in weights.items() if code not in deep
    }
    return (*deep.items(), *((top, weight / len(tops)) for top, weight in tops.items()))


def _by_words(passages: Sequence[Passage], lexicon: TopicLexicon) -> dict[str, float]:
    strength = strengths(passages, lexicon)
    short = sum(map(len, passages)) < SHORT_WORDS
    tops = {code: value for code, value in strength.items() if lexicon.codes[code].top == code}
    deep = {code: value for code, value in strength.items() if lexicon.codes[code].top != code}
    least = STRENGTH_MIN_SHORT if short else STRENGTH_MIN
    kept = _kept(tops, least * 0.75, TOP_SHARE_MIN, TOP_LEVELS_MAX)
    strongest = max(tops.values(), default=1.0)
    main = {
        code: value for code, value in deep.items() if _main(lexicon.codes[code].top, value, kept, strongest)
    }
    specific = _kept(main, least, DEEP_SHARE_MIN, TOPICS_MAX)
    parents = {lexicon.codes[code].top: tops[lexicon.codes[code].top] for code in specific}
    return {
        **{code: _score(value, strongest) for code, value in {**parents, **kept}.items()},
        **{code: _score(value, max(deep.values())) for code, value in specific.items()},
    }


def _main(top: str, value: float, kept: Mapping[str, float], strongest: float) -> bool:
    """A deeper code counts where its top level does, or where it is itself what the text is about."""
    return top in kept or value >= DEEP_ALONE_SHARE * strongest


def _kept(strength: Mapping[str, float], least: float, share: float, most: int) -> dict[str, float]:
    floor = max(least, share * max(strength.values(), default=0.0))
    ranked = sorted(((value, code) for code, value in strength.items() if value >= floor), reverse=True)
    return {code: value for value, code in ranked[:most]}


def _score(value: float, strongest: float) -> float:
    """0 to 1: how much speaks for it, and how it compares with what speaks for the strongest."""
    return round(value / (value + HALF_STRENGTH) * sqrt(min(1.0, value / strongest)), 3)


def _weight(row: Row) -> float:
    try:
        weight = float(row["weight"])
    except ValueError:
        weight = 0.0
    if not 0 < weight <= 10:
        raise row.fail(f"weight {row['weight']!r}, expected a number above 0 and at most 10")
    return weight

"""The attributes that the model weighs: of a word at an offset, of two neighbours, of listed names.

Training reads `sentence_attributes`, which spells all of them out; at run time the same strings are looked up once
for each distinct word and added from a table (scores.py). A test compares both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial

from warta_enrich.steps.tokens import fold
from warta_enrich.tagger.knowledge import Knowledge, name_tags, opens_name
from warta_enrich.tagger.setting import Casing, Language, Setting, setting

OFFSETS = (-2, -1, 0, 1, 2)
NEAR = (-1, 0, 1)  # offsets at which all attributes of a word count; farther away only the strongest
PAIRS = FORMS, SHAPES = "ww=", "ss="  # what attributes of two neighbours begin with
PAIR_OFFSETS = (-1, 1)
EDGE = "<s>"  # what stands before the first and after the last word
CLUSTER = "k"  # what a fact begins with that tells the cluster of a word
_AFFIXES = (2, 3, 4)
_DIGIT = re.compile(r"[0-9]")
_ACRONYM_MAX = 5


def shape(word: str) -> str:
    """Runs of capitals, small letters and digits as X, x and 0 (a lone capital as X1): Jakarta Xx, KPK X, 2025 0."""
    if len(word) == 1 and word.isupper():
        return "X1"
    if word.isascii() and word.isalpha():  # most words: no need to look at each letter
        if word.islower():
            return "x"
        if word[1:].islower():
            return "Xx"
    runs: list[str] = []
    for char in word:
        sort = "X" if char.isupper() else "x" if char.islower() else "0" if char.isdigit() else char
        if not runs or runs[-1] != sort:
            runs.append(sort)
    return "".join(runs[:6])


def look(word: str, case: Casing) -> str:
    """The shape, marked where capitals mean nothing."""
    return EDGE if word == EDGE else f"{case}{shape(word)}"


def form(word: str) -> str:
    """The folded word with all digits alike."""
    folded = fold(word)
    return folded if folded.isalpha() else _DIGIT.sub("0", folded)


def word_attributes(word: str, where: Setting, known: Knowledge) -> tuple[list[str], list[str]]:
    """(attributes within one word of it, those two words away too); no offset in either."""
    if word == EDGE:
        return [EDGE], [EDGE]
    plain, written = form(word), look(word, where.case)
    facts = list(known.attributes(fold(word)))
    proper = [fact for fact in facts if fact[0] == "q"]
    if not proper:
        proper = ["q?"]
        facts += proper
    far = [f"w={plain}", f"s={written}", *[fact for fact in facts if fact[0] != CLUSTER]]
    near = [*far, *[fact for fact in facts if fact[0] == CLUSTER]]
    near += [f"{fact},{written}" for fact in proper]
    near.append(f"{where.language}s={written}")
    if not plain[0].isalnum():  # where a bracket joins a name and its acronym, and where it does not
        mark = f"{where.language}w={plain}"
        return [*near, mark], [*far, mark]
    for size in _AFFIXES:
        if len(plain) > size:
            near += (f"p={plain[:size]}", f"x={plain[-size:]}")
    if word.isupper() and len(word) <= _ACRONYM_MAX and where.case != Casing.CAPITALS:
        near.append(f"acronym={len(word)}")
    return near, far


def pair_attributes(left: str, right: str, case: Casing) -> tuple[str, str]:
    """Attributes of two neighbours, by word and by shape; no word contains the space between them."""
    return f"{FORMS}{form(left)} {form(right)}", f"{SHAPES}{look(left, case)} {look(right, case)}"


def list_attributes(tag: str, language: Language) -> tuple[str, str]:
    """Attributes of a word in a listed name, in any language and in this one."""
    return f"list={tag}", f"{language}list={tag}"


def sentence_attributes(words: Sequence[str], known: Knowledge) -> list[list[str]]:
    """All attributes of each word of a sentence, with offsets: what the model is trained on."""
    where, folded = setting(words, known.languages), [fold(word) for word in words]
    padded = [EDGE, EDGE, *words, EDGE, EDGE]
    of = cache(partial(word_attributes, where=where, known=known))
    openers = [index for index, word in enumerate(words) if opens_name(word, folded[index], known.names)]
    tags = name_tags(words, folded, openers, known.names)
    return [
        [
            "bias",
            *_around(padded, index, of),
            *_pairs(padded[index + 1 : index + 4], where.case),
            *(
                f"{offset}:{name}"
                for offset in NEAR
                if index + offset in tags
                for name in list_attributes(tags[index + offset], where.language)
            ),
        ]
        for index in range(len(words))
    ]


def _around(
    padded: Sequence[str], index: int, of: Callable[[str], tuple[list[str], list[str]]]
) -> Iterator[str]:
    for place, offset in enumerate(OFFSETS):
        near, far = of(padded[index + place])
        yield from (f"{offset}:{name}" for name in (near if offset in NEAR else far))


def _pairs(three: Sequence[str], case: Casing) -> Iterator[str]:
    left, word, right = three
    yield from (f"-1:{name}" for name in pair_attributes(left, word, case))
    yield from (f"1:{name}" for name in pair_attributes(word, right, case))

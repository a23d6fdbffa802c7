"""The word families of tests/data, and what an analyzer makes of them."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from real_articles import Articles

FILE = Path(__file__).parents[2] / "data" / "indonesian_families.txt"
MOST = 500


@dataclass(frozen=True)
class Family:
    """The words of a family, its base first, and words that look alike and belong elsewhere."""

    words: tuple[str, ...]
    strangers: tuple[str, ...]


@dataclass(frozen=True)
class Measure:
    """`recall`: of the pairs within families, the share that is joined; `precision`: of all pairs that are joined,
    the share within families; `apart`: the share of look-alikes that no base is joined with."""

    recall: float
    precision: float
    apart: float


def families() -> list[Family]:
    found = []
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            words, _, strangers = line.replace(":", "").partition(" | ")
            found.append(Family(tuple(words.split()), tuple(strangers.split())))
    return found


def vocabulary(of: list[Family]) -> list[str]:
    return sorted({word for family in of for word in (*family.words, *family.strangers)})


async def stems(articles: Articles, analysis: Mapping[str, Any], words: list[str]) -> dict[str, str]:
    """What the analyzer indexes for each word; nothing for a stop word."""
    found = {}
    for start in range(0, len(words), MOST):
        part = words[start : start + MOST]
        answer = await articles.do("POST", "/articles-v1/_analyze", {**analysis, "text": part})
        at = {token["start_offset"]: token["token"] for token in answer["tokens"]}
        place = 0
        for word in part:
            if place in at:
                found[word] = at[place]
            place += len(word) + 1
    return found


def measure(of: list[Family], stem_of: Mapping[str, str]) -> Measure:
    home = {word: number for number, family in enumerate(of) for word in family.words}
    within = sum(len(family.words) * (len(family.words) - 1) // 2 for family in of)
    by_stem: dict[str, list[str]] = defaultdict(list)
    for word, stem in stem_of.items():
        by_stem[stem].append(word)
    joined = [pair for words in by_stem.values() for pair in itertools.combinations(words, 2)]
    right = sum(home.get(one, one) == home.get(other, other) for one, other in joined)
    looks = [(family.words[0], stranger) for family in of for stranger in family.strangers]
    apart = sum(stem_of.get(base, base) != stem_of.get(other, other) for base, other in looks)
    return Measure(right / within, right / len(joined) if joined else 1.0, apart / len(looks))

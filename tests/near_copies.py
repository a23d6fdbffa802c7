"""Texts of made-up words, and what wires and editors do to them: edits, cuts, additions."""

from __future__ import annotations

import random

WORDS = [f"{first}{last}" for first in "ba ci du fe go hi ju ka le mi no pu ra se ti".split() for last in
         "bang cara duri gama jati kasa lumo mira nosa pare rusa tiko wena yuda zaki".split()]  # fmt: skip


def text(chance: random.Random, words: int = 0) -> list[str]:
    """The words of a text that is like no other."""
    return chance.choices(WORDS, k=words or chance.randint(180, 600))


def edited(words: list[str], chance: random.Random, share: float = 0.15) -> list[str]:
    """A share of the words dropped, replaced or followed by another."""
    done: list[str] = []
    for word in words:
        draw = chance.random() / share
        if draw >= 1 / 3:
            done.append(word if draw >= 2 / 3 else chance.choice(WORDS))
        if 2 / 3 <= draw < 1:
            done.append(chance.choice(WORDS))
    return done


def cut(words: list[str], chance: random.Random, share: float = 0.45) -> list[str]:
    """One piece of it."""
    size = int(len(words) * share)
    start = chance.choice([0, chance.randint(0, len(words) - size)])
    return words[start : start + size]


def framed(words: list[str], chance: random.Random, share: float = 0.7) -> list[str]:
    """With other text before and behind it."""
    added = text(chance, int(len(words) * share))
    half = len(added) // 2
    return [*added[:half], *words, *added[half:]]

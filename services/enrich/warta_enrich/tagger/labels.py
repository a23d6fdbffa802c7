"""Labels of tokens and the spans they stand for: BIOES, so that first, last and only words have labels of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

KINDS = ("PER", "ORG", "LOC")
OUTSIDE = "O"


class Span(NamedTuple):
    """Tokens start to end (exclusive) are a name of this kind: PER, ORG or LOC (of backends also LAW)."""

    start: int
    end: int
    kind: str


def spans(labels: Sequence[str]) -> list[Span]:
    """The names in a sequence of IOB2 or BIOES labels; what breaks the scheme still ends or begins a name."""
    found: list[Span] = []
    start, kind = -1, ""
    for index, label in enumerate([*labels, OUTSIDE]):
        if label == OUTSIDE and not kind:
            continue
        position, _, here = label.partition("-")
        if kind and (position in {OUTSIDE, "B", "S"} or here != kind):
            found.append(Span(start, index, kind))
            kind = ""
        if here and not kind:
            start, kind = index, here
    return found


def bioes(names: Sequence[Span], length: int) -> list[str]:
    """The BIOES labels of a sentence of `length` tokens with these names, none of which overlap."""
    labels = [OUTSIDE] * length
    for name in names:
        labels[name.start : name.end] = [f"I-{name.kind}"] * (name.end - name.start)
        labels[name.start], labels[name.end - 1] = f"B-{name.kind}", f"E-{name.kind}"
        if name.end - name.start == 1:
            labels[name.start] = f"S-{name.kind}"
    return labels

"""Cut a passage into the sentences that the tagger reads."""

from __future__ import annotations

from collections.abc import Iterator

from warta_enrich.steps.tokens import BREAK, Passage

SENTENCE_MAX = 160  # tokens; longer ones are lists or no language, and are cut
_ENDS = frozenset({".", "?", "!", BREAK})
_CLOSERS = frozenset({'"', "”", "’", "'", ")"})
_ABBREVIATIONS = frozenset(
    {"dr", "drs", "dra", "prof", "ir", "hj", "kh", "jl", "jln", "no", "tbk", "bin", "rp", "kab", "kec"}
    | {
        "mr",
        "mrs",
        "ms",
        "st",
        "sen",
        "rep",
        "gov",
        "gen",
        "col",
        "lt",
        "capt",
        "inc",
        "ltd",
        "co",
        "corp",
        "vs",
    }
)


def sentence_ranges(passage: Passage) -> Iterator[tuple[int, int]]:
    """Half-open token ranges, in order, none empty; blank lines belong to none."""
    start = 0
    for index in passage.where(_ENDS):
        if index < start:
            continue
        if passage.words[index] == BREAK:
            yield from _pieces(start, index)
            start = index + 1
        elif _ends_here(passage, index, start):
            end = _past_closers(passage, index + 1)
            yield from _pieces(start, end)
            start = end
    yield from _pieces(start, len(passage))


def _ends_here(passage: Passage, index: int, start: int) -> bool:
    """A full stop before a space and a capital, digit or quote, not behind an initial or an abbreviation."""
    after = _past_closers(passage, index + 1)
    if after >= len(passage) or passage.ends[after - 1] == passage.starts[after]:
        return False
    follows = passage.words[after]
    if follows[0].islower():
        return False
    if passage.words[index] != "." or index == start:
        return True
    before = passage.words[index - 1]
    return not (len(before) == 1 and before.isupper()) and passage.folded[index - 1] not in _ABBREVIATIONS


def _past_closers(passage: Passage, index: int) -> int:
    """Past quotes and brackets that close right here."""
    while (
        index < len(passage)
        and passage.words[index] in _CLOSERS
        and passage.ends[index - 1] == passage.starts[index]
    ):
        index += 1
    return index


def _pieces(start: int, end: int) -> Iterator[tuple[int, int]]:
    for first in range(start, end, SENTENCE_MAX):
        yield first, min(first + SENTENCE_MAX, end)

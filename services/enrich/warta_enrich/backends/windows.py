"""Long texts in pieces that a model can read whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_ENDS = re.compile(r"""[.!?]["”’')]*\s|\n""")


class Window(NamedTuple):
    """A piece of the document with this number, from this code point on."""

    document: int
    start: int
    text: str


def windows(document: int, text: str, word: re.Pattern[str], words_max: int) -> Iterator[Window]:
    """Pieces of at most `words_max` matches of `word`, cut behind a sentence or a line in their second half, and
    between words where none ends there. Together they are the text.
    """
    starts = [match.start() for match in word.finditer(text)]
    begin, first = 0, 0
    while len(starts) - first > words_max:
        middle, end = starts[first + words_max // 2], starts[first + words_max]
        cuts = [match.end() for match in _ENDS.finditer(text, middle, end)]
        cut = cuts[-1] if cuts else end
        yield Window(document, begin, text[begin:cut])
        first += sum(1 for start in starts[first : first + words_max] if start < cut)
        begin = cut
    yield Window(document, begin, text[begin:])

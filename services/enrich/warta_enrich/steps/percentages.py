"""Percentages: 5,2 persen, 5.2%, minus 0,3 persen, 5-6 per cent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pydantic import TypeAdapter

from warta_enrich.steps.mentions import Find, merged
from warta_enrich.steps.numbers import UP_TO, Number, comma_is_decimal, is_year, parse_number
from warta_enrich.steps.tokens import Passage
from warta_shared.events import Percentage

_SIGN = re.compile(
    r"[ \u00a0]?(?:[%٪﹪％]|(?:persen|percent|per cent|peratus|pct)(?![A-Za-z]))", re.IGNORECASE
)
_MINUS = re.compile(
    r"(?:(?<![\w.,)%])[-−–]|(?<!plus )(?<!plus-)\b(?:minus|negatif|negative)[ ]{1,2})$", re.IGNORECASE
)
_JOINT = re.compile(rf"[ ]?[-–—][ ]?|{UP_TO}")
_PERCENTAGES = TypeAdapter(tuple[Percentage, ...])
_SIGN_LENGTH = 10


def find_percentages(passage: Passage, language: str) -> Iterator[Find[float]]:
    """The percentages of a passage, keyed by their value."""
    text, held = passage.text, None
    for number in passage.numbers:
        sign = _SIGN.match(text, number.end, number.end + _SIGN_LENGTH)
        if sign and held and _JOINT.fullmatch(text, held.end, number.start) and not is_year(held):
            yield from _find(passage, held, held.end, language)
        if sign:
            yield from _find(passage, number, sign.end(), language)
        held = None if sign else number


def percentages(finds: Iterable[Find[float]]) -> tuple[Percentage, ...]:
    """Equal percentages merged, with the number of times each is named."""
    return merged(finds, _PERCENTAGES, lambda value: {"value": value})


def _find(passage: Passage, number: Number, end: int, language: str) -> Iterator[Find[float]]:
    value = parse_number(number.digits, decimal_comma=comma_is_decimal(language))
    if value is None:
        return
    minus = _MINUS.search(passage.text, max(0, number.start - 16), number.start)
    start = minus.start() if minus else number.start
    yield Find(passage.field, start, end, -value if minus and value else value, passage.text[start:end])

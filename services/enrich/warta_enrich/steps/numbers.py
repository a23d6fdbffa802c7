"""Numbers in Indonesian (1.234,5) and English (1,234.5) style."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

NUMBERS_MAX = 5_000  # of a passage: more is a table of figures and no article

# The engine leaps from digit to digit where a pattern begins with one; what stands before it would make it stop at
# every character.
_DIGITS = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
# At most 15 digits a group and 7 groups: no float overflows.
_NUMBER = re.compile(r"[0-9]{1,15}(?:[.,][0-9]{1,15}){0,6}")
UP_TO = r"[ ](?:hingga|sampai(?:[ ]dengan)?|s/d|to|until)[ ]"
"""What joins the two ends of a range, besides a dash."""
_SURELY = 14  # characters: no more than 15 digits or 7 groups fit in
_DECIMAL_POINT = frozenset({"en", "ms", "zh", "ja", "ko", "th", "tl", "he", "und"})


class Number(NamedTuple):
    """A number as written, with its half-open range in the text."""

    start: int
    end: int
    digits: str


def find_numbers(text: str) -> Iterator[Number]:
    """Every number in reading order."""
    for match in islice(_DIGITS.finditer(text), NUMBERS_MAX):
        digits = match[0]
        if len(digits) <= _SURELY or _NUMBER.fullmatch(digits):
            yield Number(*match.span(), digits)


def is_year(number: Number) -> bool:
    """Whether it is written like a year of our time."""
    return len(number.digits) == 4 and "1900" <= number.digits <= "2099"


def comma_is_decimal(language: str) -> bool:
    """Whether 1,5 is one and a half in a text of this language."""
    return language not in _DECIMAL_POINT


def parse_number(digits: str, *, decimal_comma: bool, thousands_likely: bool = False) -> float | None:
    """The value, or None where the groups make no number (1.2.3, 12,34,567).

    One separator before exactly three digits is read by the style of the text, or, when `thousands_likely`
    (a plain sum of money), always as thousands.
    """
    points, commas = digits.count("."), digits.count(",")
    if not points and not commas:
        return float(digits)
    if points and commas:
        decimal = "," if digits.rindex(",") > digits.rindex(".") else "."
    elif points + commas > 1:
        decimal = ""
    else:
        decimal = _decimal_of_one(digits, decimal_comma=decimal_comma, thousands_likely=thousands_likely)
    return _value(digits, decimal)


def _decimal_of_one(digits: str, *, decimal_comma: bool, thousands_likely: bool) -> str:
    separator = "." if "." in digits else ","
    head, tail = digits.split(separator)
    if len(tail) != 3 or len(head) > 3 or head.startswith("0"):
        return separator
    style = "," if decimal_comma else "."
    return separator if separator == style and not thousands_likely else ""


def _value(digits: str, decimal: str) -> float | None:
    whole, _, fraction = digits.rpartition(decimal) if decimal else (digits, "", "")
    if decimal and decimal in whole:
        return None
    groups = re.split("[.,]", whole)
    if len(groups) > 1 and (len(groups[0]) > 3 or any(len(group) != 3 for group in groups[1:])):
        return None
    return float(f"{''.join(groups)}.{fraction or '0'}")

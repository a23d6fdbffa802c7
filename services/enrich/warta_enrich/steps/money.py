"""Sums of money: Rp1,5 triliun, Rp 20.000, US$ 3 million, USD 1.2bn, 20 miliar rupiah, ranges of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from pydantic import TypeAdapter

from warta_enrich.steps.mentions import Find, merged
from warta_enrich.steps.numbers import UP_TO, Number, comma_is_decimal, is_year, parse_number
from warta_enrich.steps.tokens import Passage
from warta_shared.events import Amount

_SIGNS = {
    "rp": "IDR", "idr": "IDR", "us$": "USD", "usd": "USD", "$": "USD", "s$": "SGD", "sgd": "SGD", "a$": "AUD",
    "au$": "AUD", "aud": "AUD", "hk$": "HKD", "hkd": "HKD", "nz$": "NZD", "c$": "CAD", "cad": "CAD", "rm": "MYR",
    "myr": "MYR", "€": "EUR", "eur": "EUR", "£": "GBP", "gbp": "GBP", "¥": "JPY", "jpy": "JPY", "cny": "CNY",
    "rmb": "CNY", "thb": "THB", "sar": "SAR", "inr": "INR", "₹": "INR", "krw": "KRW", "₩": "KRW", "chf": "CHF",
    "aed": "AED", "php": "PHP", "vnd": "VND",
}  # fmt: skip
_UNITS = {
    "rupiah": "IDR", "dolar as": "USD", "dolar amerika serikat": "USD", "dolar amerika": "USD", "us dollars": "USD",
    "us dollar": "USD", "u.s. dollars": "USD", "american dollars": "USD", "dolar singapura": "SGD",
    "singapore dollars": "SGD", "dolar australia": "AUD", "australian dollars": "AUD", "dolar hong kong": "HKD",
    "hong kong dollars": "HKD", "dolar kanada": "CAD", "canadian dollars": "CAD", "dollars": "USD", "dollar": "USD",
    "dolar": "USD", "euros": "EUR", "euro": "EUR", "yen": "JPY", "yuan": "CNY", "renminbi": "CNY",
    "ringgit": "MYR", "baht": "THB", "riyal": "SAR", "rupee": "INR", "rupees": "INR", "poundsterling": "GBP",
    "pound sterling": "GBP", "pounds sterling": "GBP", "usd": "USD", "idr": "IDR", "sgd": "SGD", "eur": "EUR",
    "myr": "MYR", "aud": "AUD", "cny": "CNY", "jpy": "JPY",
}  # fmt: skip
# Powers of ten.
_SCALES = {
    "ribu": 3, "rb": 3, "juta": 6, "jt": 6, "miliar": 9, "milyar": 9, "triliun": 12, "trilyun": 12,
    "kuadriliun": 15, "quadrillion": 15, "ribu triliun": 15, "thousand trillion": 15,
    "thousand": 3, "million": 6, "mn": 6, "mln": 6, "billion": 9, "bn": 9, "b": 9,
    "trillion": 12, "tn": 12, "trn": 12, "k": 3, "m": 6, "t": 12,
}  # fmt: skip
_ENGLISH_SCALES = frozenset(
    {"thousand", "million", "mn", "mln", "billion", "bn", "b", "trillion", "tn", "trn"}
    | {"quadrillion", "thousand trillion"}
)
_INDONESIAN_SCALES = frozenset({"miliar", "milyar", "triliun", "trilyun", "kuadriliun", "ribu triliun"})


def _either(words: Iterable[str]) -> str:
    """One of the words, the longest first; a look at the first character spares most texts trying all of them."""
    initials = "".join(sorted({re.escape(word[0]) for word in words}))
    return f"(?=[{initials}])(?:{'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))})"


_SIGN = re.compile(rf"(?<![A-Za-z$])({_either(_SIGNS)})\.?[ \u00a0]{{0,2}}$", re.IGNORECASE)
_SCALE = re.compile(rf"[ \u00a0]{{0,2}}-?({_either(_SCALES)})(?![A-Za-z])", re.IGNORECASE)
_UNIT = re.compile(rf"[ \u00a0]{{0,2}}-?({_either(_UNITS)})(?![A-Za-z])", re.IGNORECASE)
_JOINT = re.compile(rf"(?:[ ]?[-–—][ ]?|{UP_TO})(?:{_either(_SIGNS)})?\.?[ ]?", re.IGNORECASE)
_AMOUNTS = TypeAdapter(tuple[Amount, ...])
_AROUND = 24  # characters before and after a number that can name its currency and scale


class _Sum(NamedTuple):
    """A number with what stands around it; `start` and `end` include sign, scale and unit."""

    number: Number
    start: int
    end: int
    currency: str
    scale: str


def find_money(passage: Passage, language: str) -> Iterator[Find[tuple[float, str]]]:
    """The sums of money of a passage, keyed by (amount, currency); bare `$` and dollars count as US dollars."""
    for found in _with_ranges(passage, language):
        if not found.currency:
            continue
        value = parse_number(
            found.number.digits,
            decimal_comma=_decimal_comma(found.scale, language),
            thousands_likely=not found.scale,
        )
        if value is not None:
            amount = float(Decimal(str(value)).scaleb(_exponent(found, language)))
            name = passage.text[found.start : found.end]
            yield Find(passage.field, found.start, found.end, (amount, found.currency), name)


def amounts(finds: Iterable[Find[tuple[float, str]]]) -> tuple[Amount, ...]:
    """Equal sums merged, with the number of times each is named."""
    return merged(finds, _AMOUNTS, lambda key: {"amount": key[0], "currency": key[1]})


def _with_ranges(passage: Passage, language: str) -> Iterator[_Sum]:
    """Each sum; in `Rp1-2 triliun` the first takes the second's scale and the second the first's sign."""
    held: _Sum | None = None
    for number in passage.numbers:
        found = _read(passage.text, number)
        if held and _JOINT.fullmatch(passage.text, held.end, number.start) and not _is_year(held):
            found = found._replace(currency=found.currency or held.currency)
            scale = found.scale if _ascend(held.number, found.number, found.scale, language) else ""
            held = held._replace(currency=held.currency or found.currency, scale=held.scale or scale)
        if held:
            yield held
        held = found
    if held:
        yield held


def _is_year(found: _Sum) -> bool:
    """2020 in `sejak 2020 hingga Rp5 triliun`; a price has a sign."""
    return not found.currency and is_year(found.number)


def _ascend(low: Number, high: Number, scale: str, language: str) -> bool:
    """Whether both can be of one scale: Rp1,5 hingga 2 triliun, but not Rp500.000 hingga Rp1 juta."""
    decimal_comma = _decimal_comma(scale, language)
    least, most = (parse_number(one.digits, decimal_comma=decimal_comma) for one in (low, high))
    return least is not None and most is not None and least <= most


def _read(text: str, number: Number) -> _Sum:
    sign = _SIGN.search(text, max(0, number.start - 8), number.start)
    scale, end = _scale(text, number.end, signed=sign is not None)
    unit = None if sign else _UNIT.match(text, end, end + _AROUND)
    return _Sum(
        number=number,
        start=sign.start() if sign else number.start,
        end=unit.end() if unit else end,
        currency=_SIGNS[sign[1].lower()] if sign else _UNITS[unit[1].lower()] if unit else "",
        scale=scale,
    )


def _scale(text: str, start: int, *, signed: bool) -> tuple[str, int]:
    """The scale word after a number and where it ends; one letter needs a sign: Rp5 M is money, 5 m a length."""
    scale = _SCALE.match(text, start, start + _AROUND)
    if scale is None or (len(scale[1]) == 1 and not signed):
        return "", start
    return scale[1].lower(), scale.end()


def _decimal_comma(scale: str, language: str) -> bool:
    if scale in _ENGLISH_SCALES:
        return False
    return scale in _INDONESIAN_SCALES or comma_is_decimal(language)


def _exponent(found: _Sum, language: str) -> int:
    """Rp5 M is five miliar in an Indonesian text, $5M five million."""
    if found.scale == "m" and found.currency == "IDR" and comma_is_decimal(language):
        return _SCALES["miliar"]
    return _SCALES.get(found.scale, 0)

"""Money, percentages and dates by rule, in Indonesian and English number styles."""

from __future__ import annotations

import pytest

from warta_enrich.steps.dates import calendar_dates, find_dates
from warta_enrich.steps.money import amounts, find_money
from warta_enrich.steps.numbers import parse_number
from warta_enrich.steps.percentages import find_percentages, percentages
from warta_enrich.steps.tokens import read_passage

MONEY = [
    ("Rp1,5 triliun", "id", [(1.5e12, "IDR")]),
    ("Rp 1.5 trillion", "en", [(1.5e12, "IDR")]),
    ("Rp17,4 triliun", "id", [(17.4e12, "IDR")]),
    ("Rp 20.000", "id", [(20_000, "IDR")]),
    ("Rp20,000", "en", [(20_000, "IDR")]),
    ("Rp.20.000,50", "id", [(20_000.5, "IDR")]),
    ("Rp\u00a05 juta", "id", [(5e6, "IDR")]),
    ("Rp 1.234 triliun", "id", [(1.234e15, "IDR")]),
    ("Rp 1.234 trillion", "en", [(1.234e12, "IDR")]),
    ("IDR 3,912 trillion", "en", [(3.912e15, "IDR")]),
    ("Rp5 M untuk jalan", "id", [(5e9, "IDR")]),
    ("$5M for roads", "en", [(5e6, "USD")]),
    ("US$ 3 million", "en", [(3e6, "USD")]),
    ("USD 1.2bn", "en", [(1.2e9, "USD")]),
    ("US$1,234.56", "en", [(1234.56, "USD")]),
    ("20 miliar rupiah", "id", [(20e9, "IDR")]),
    ("3,4 miliar dolar AS", "id", [(3.4e9, "USD")]),
    ("5 million Singapore dollars", "en", [(5e6, "SGD")]),
    ("RM1.5 juta", "ms", [(1.5e6, "MYR")]),
    ("S$2.50", "en", [(2.5, "SGD")]),
    ("€40 million", "en", [(40e6, "EUR")]),
    ("30 juta yen", "id", [(30e6, "JPY")]),
    ("Rp1-2 triliun", "id", [(1e12, "IDR"), (2e12, "IDR")]),
    ("5–10 juta dolar AS", "id", [(5e6, "USD"), (10e6, "USD")]),
    ("Rp 5 juta hingga Rp 10 juta", "id", [(5e6, "IDR"), (10e6, "IDR")]),
    ("belanja modal Rp1,5 hingga Rp2 triliun", "id", [(1.5e12, "IDR"), (2e12, "IDR")]),
    ("Rp 5 sampai 10 miliar", "id", [(5e9, "IDR"), (10e9, "IDR")]),
    ("from $1.5 to $2 billion", "en", [(1.5e9, "USD"), (2e9, "USD")]),
    ("Rp1.500 sampai dengan Rp2.000 triliun", "id", [(1.5e15, "IDR"), (2e15, "IDR")]),
    ("Rp500.000 hingga Rp1 juta", "id", [(500_000, "IDR"), (1e6, "IDR")]),
    ("Rp500.000-1 juta", "id", [(500_000, "IDR"), (1e6, "IDR")]),
    ("Rp2000-3000 per kg", "id", [(2000, "IDR"), (3000, "IDR")]),
    ("sejak 2020 hingga Rp5 triliun", "id", [(5e12, "IDR")]),
    ("Rp3.84 quadrillion", "en", [(3.84e15, "IDR")]),
    ("Rp 8,2 ribu triliun", "id", [(8.2e15, "IDR")]),
    ("Rp 8.2 thousand trillion", "en", [(8.2e15, "IDR")]),
    ("lari 5 m, 20 juta orang, 5 miliar tahun, 1.2.3.4 rupiah", "id", []),
    ("Rp 999999999999999999999999999999999999999999", "id", []),
]

PERCENTAGES = [
    ("5,2 persen", "id", [5.2]),
    ("5.2%", "en", [5.2]),
    ("5.2 per cent", "en", [5.2]),
    ("5.125%", "en", [5.125]),
    ("1.200 persen", "id", [1200.0]),
    ("5.2 peratus", "ms", [5.2]),
    ("minus 0,3 persen", "id", [-0.3]),
    ("tumbuh -1,5%", "id", [-1.5]),
    ("2,5 plus minus 1 persen", "id", [1.0]),
    ("5-6 persen", "id", [5.0, 6.0]),
    ("1,5%-3,5%", "id", [1.5, 3.5]),
    ("4.25%–4.50%", "en", [4.25, 4.5]),
    ("dari 5 hingga 7 persen", "id", [5.0, 7.0]),
    ("from 2020 to 5 percent", "en", [5.0]),
    ("5 persentil, 7 orang", "id", []),
]

DATES = [
    ("2 Juni 2025", ["2025-06-02"]),
    ("Monday (2 June 2025)", ["2025-06-02"]),
    ("2/6/2025", ["2025-06-02"]),
    ("02-06-2025", ["2025-06-02"]),
    ("6/13/2025", ["2025-06-13"]),
    ("2025-06-02", ["2025-06-02"]),
    ("June 2, 2025", ["2025-06-02"]),
    ("Sept. 2nd, 2025", ["2025-09-02"]),
    ("the 2nd of June 2025", ["2025-06-02"]),
    ("17 Agustus 1945", ["1945-08-17"]),
    ("2-5 Juni 2025", ["2025-06-02", "2025-06-05"]),
    ("pada Juni 2025", ["2025-06"]),
    ("sejak tahun 2019", ["2019"]),
    ("by 2030", ["2030"]),
    ("31 Juni 2025, 31/2/2025, 2025-13-01", []),
    ("for 2025-2029; in 2000 people; sejak 2019 orang; nomor 2025", []),
    ("kemarin, 2 Juni", []),
]


@pytest.mark.parametrize(("text", "language", "expected"), MONEY)
def test_money(text: str, language: str, expected: list[tuple[float, str]]) -> None:
    found = amounts(find_money(read_passage("body", text), language))
    assert [(amount.amount, amount.currency) for amount in found] == expected


@pytest.mark.parametrize(("text", "language", "expected"), PERCENTAGES)
def test_percentages(text: str, language: str, expected: list[float]) -> None:
    found = percentages(find_percentages(read_passage("body", text), language))
    assert [percentage.value for percentage in found] == expected


@pytest.mark.parametrize(("text", "expected"), DATES)
def test_dates(text: str, expected: list[str]) -> None:
    assert [day.date for day in calendar_dates(find_dates(read_passage("body", text)))] == expected


def test_equal_values_are_one_with_their_count() -> None:
    passage = read_passage(
        "body", "Rp1,5 triliun, lalu 1,5 triliun rupiah, dan 2 Juni 2025 atau June 2, 2025"
    )
    (amount,) = amounts(find_money(passage, "id"))
    assert (amount.count, amount.name) == (2, "Rp1,5 triliun")
    assert [(mention.start, mention.end) for mention in amount.mentions] == [(0, 13), (20, 38)]
    (day,) = calendar_dates(find_dates(passage))
    assert day.count == 2


def test_offsets_count_code_points() -> None:
    """An emoji is one code point, although two in UTF-16 and four bytes in UTF-8."""
    text = "😀 Rp5 juta"
    (amount,) = amounts(find_money(read_passage("body", text), "id"))
    mention = amount.mentions[0]
    assert (mention.start, mention.end) == (2, 10)
    assert text[mention.start : mention.end] == "Rp5 juta"


@pytest.mark.parametrize(
    ("digits", "decimal_comma", "expected"),
    [
        ("1.234", True, 1234.0),
        ("1.234", False, 1.234),
        ("0.125", True, 0.125),
        ("1.234.567,5", False, 1234567.5),
        ("1,234,567.5", True, 1234567.5),
        ("12.34.567", True, None),
        ("1.2.3", True, None),
        ("1,5,5", False, None),
    ],
)
def test_numbers(digits: str, decimal_comma: bool, expected: float | None) -> None:
    assert parse_number(digits, decimal_comma=decimal_comma) == expected

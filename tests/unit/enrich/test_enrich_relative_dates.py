"""Dates that hang on the day of publication: Wednesday, 4 June 2025."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from builders import raw_article
from warta_enrich.models import Models
from warta_enrich.pipeline import enrich
from warta_enrich.steps.dates import calendar_dates
from warta_enrich.steps.relative_dates import find_relative_dates, publication_day
from warta_enrich.steps.tokens import read_passage

PUBLISHED = date(2025, 6, 4)
TEXTS = [
    ("Ia tiba Selasa (3/6) malam.", ["2025-06-03"]),
    ("Ia tiba pada 31 Desember lalu.", ["2024-12-31"]),
    ("Pilkada digelar 27 November.", ["2025-11-27"]),
    ("The council meets on June 2.", ["2025-06-02"]),
    ("The council met on Monday.", ["2025-06-02"]),
    ("The council met on Wednesday.", ["2025-06-04"]),
    ("The council meets next Monday.", ["2025-06-09"]),
    ("Rapat digelar Senin depan.", ["2025-06-09"]),
    ("Rapat digelar Minggu malam.", ["2025-06-01"]),
    ("Dua minggu lalu rapat batal.", []),
    ("Kata dia kemarin, bukan hari ini.", ["2025-06-03", "2025-06-04"]),
    ("It rained yesterday and may rain tomorrow.", ["2025-06-03", "2025-06-05"]),
    ("Skor akhir 2 (3/4) dan (31/6).", ["2025-04-03"]),
    (
        "WASHINGTON, Feb 1 (Reuters) - It fell. AP: from Sept. 13 and Jun 10 on.",
        ["2025-02-01", "2025-09-13", "2025-06-10"],
    ),
    ("Jan 8 2024 and Mar. 3, 2024 have years.", []),
    ("They may 5 times a day.", []),
    ("Naik 3 Mei-rata.", ["2025-05-03"]),
    ("Stasiun Senin123 dan toko Mondayish.", []),
    ("29 Februari", ["2024-02-29"]),
]


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_dates(text: str, expected: list[str]) -> None:
    found = calendar_dates(find_relative_dates(read_passage("body", text), PUBLISHED))
    assert [day.date for day in found] == expected


WHOLE = [
    ("Ia tiba Selasa (2/6/2025) malam.", {"2025-06-02": 1}),
    ("Ia tiba Senin, 2 Juni 2025, lalu pergi Selasa (3/6).", {"2025-06-02": 1, "2025-06-03": 1}),
    ("On Monday, June 2, 2025, and on Monday (2 June) it met.", {"2025-06-02": 2}),
    ("UU No. 2 Tahun 2020 berlaku.", {}),
]


@pytest.mark.parametrize(("body", "expected"), WHOLE)
def test_a_whole_date_is_counted_once(body: str, expected: dict[str, int], models: Models) -> None:
    published = datetime(2025, 6, 4, 3, tzinfo=UTC)
    article = enrich(raw_article(title="Berita", body=body, published_at=published), models)
    assert {day.date: day.count for day in article.dates} == expected
    for day in article.dates:
        assert all(body[mention.start : mention.end].strip("()") for mention in day.mentions)


def test_the_day_is_that_of_the_source() -> None:
    evening = datetime(2025, 6, 3, 18, tzinfo=UTC)
    assert publication_day(evening, "ID") == date(2025, 6, 4)
    assert publication_day(evening, None) == date(2025, 6, 3)
    assert publication_day(datetime.max.replace(tzinfo=UTC), "ID") == date.max


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_ends_of_the_calendar_raise_nothing(day: date) -> None:
    text = "kemarin besok next Monday Senin (1/1) (31/12)"
    assert all(find.key for find in find_relative_dates(read_passage("body", text), day))

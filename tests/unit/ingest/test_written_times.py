"""Times as feeds and pages write them, and the one instant that each means."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warta_ingest.text.instants import COUNTRY_ZONES, read_time

# 2 June 2025, 14:05 in Jakarta, as an Indonesian outlet may write it.
MOMENT = datetime(2025, 6, 2, 7, 5, tzinfo=UTC)
SAME = [
    "2025-06-02T14:05:00+07:00", "2025-06-02T07:05:00Z", "2025-06-02T07:05:00.000+0000", "2025-06-02 14:05:00",
    "2025-06-02T14:05", "2025/06/02 14:05:00", "2025-06-02 14:05 WIB", "2025-06-02 15:05 WITA", "20250602T140500",
    "20250602T070500Z", "2025-06-02T02:05:00−05:00", "Mon, 02 Jun 2025 14:05:00 +0700", "Mon, 2 Jun 2025 07:05 GMT",
    "Mon, 02 Jun 25 14:05:00 WIB", "02 Jun 2025 15:05:00 SGT", "Mon Jun  2 14:05:00 2025",
    "Mon Jun 2 14:05:00 +0700 2025", "Mon Jun 02 2025 14:05:00 GMT+0700 (WIB)", "Mon, 02 Jun 2025 03:05:00 EDT",
    "Senin, 2 Juni 2025 14:05 WIB", "Senin, 2 Juni 2025 | 14.05 WIB", "Senin, 2 Juni 2025, 16:05 WIT",
    "Senin , 02 Jun 2025, 14:05", "02/06/2025 14:05", "02/06/2025, 14.05 WIB", "2-6-2025 14:05", "02.06.2025 14.05",
    "Sen 02.06.25 | 14:05",
    "Diterbitkan pukul 14.05 WIB, 2 Juni 2025", "June 2, 2025 2:05 pm", "Jun 2nd, 2025 at 2:05PM", "1748847900",
    "1748847900000", "June 2, 2025, 12:05 AM PDT", "2 Juni 2025 - 14:05", "2025-06-02T12:35:00+0530",
]  # fmt: skip


@pytest.mark.parametrize("text", SAME)
def test_one_instant(text: str) -> None:
    found = read_time(text, "ID")
    assert found is not None
    assert (found.at, found.exact) == (MOMENT, True)


@pytest.mark.parametrize(
    ("text", "country", "day"),
    [("2025-06-02", "ID", datetime(2025, 6, 1, 17, tzinfo=UTC)), ("2025-06-02", None, datetime(2025, 6, 2, tzinfo=UTC)),
     ("2 Juni 2025", "ID", datetime(2025, 6, 1, 17, tzinfo=UTC)), ("20250602", None, datetime(2025, 6, 2, tzinfo=UTC)),
     ("2025-06-02T00:00:00Z", None, datetime(2025, 6, 2, tzinfo=UTC)),
     ("06/02/2025", "US", datetime(2025, 6, 2, tzinfo=UTC)), ("13/06/2025", "US", datetime(2025, 6, 13, tzinfo=UTC)),
     ("06/13/2025", "ID", datetime(2025, 6, 12, 17, tzinfo=UTC)),
     ("17 Agt 2045", None, datetime(2045, 8, 17, tzinfo=UTC))],
)  # fmt: skip
def test_a_day_alone_is_not_exact(text: str, country: str | None, day: datetime) -> None:
    found = read_time(text, country)
    assert found is not None
    assert (found.at, found.exact) == (day, False)


def test_each_month_by_its_indonesian_and_english_names() -> None:
    indonesian = (
        "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()
    )
    english = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
    old = {
        "Djanuari": 1,
        "Djuni": 6,
        "Djuli": 7,
        "Pebruari": 2,
        "Nopember": 11,
        "Agt": 8,
        "Ags": 8,
        "Okt": 10,
        "Nop": 11,
        "Des": 12,
        "Peb": 2,
    }
    months = {
        **dict(zip(indonesian, range(1, 13), strict=True)),
        **dict(zip(english, range(1, 13), strict=True)),
        **old,
    }
    for name, number in months.items():
        found = read_time(f"5 {name} 2025 10:00 UTC")
        assert found is not None
        assert (found.at.month, found.at.day, found.at.hour) == (number, 5, 10), name


@pytest.mark.parametrize(
    "text",
    ["", "soon", "5", "Issue 12", "10:30", "Monday", "3 jam lalu", "Agustus 2025", "2025", "2025-06-31", "2025-00-10",
     "2025-13-01", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "99999999999999999999", "1", "٢٠٢٥-٠٦-٠٢",
     "2025-06-02T10:00:00+99:99", "31 Februari 2025", "5 ſep 2025"],
)  # fmt: skip
def test_nothing_is_made_up(text: str) -> None:
    assert read_time(text, "ID") is None


@given(st.text(alphabet="0123456789-/:.TZ +APMjunei2025wibſ", max_size=40) | st.text(max_size=60))
def test_any_text_is_a_time_or_none(text: str) -> None:
    found = read_time(text, "ID")
    assert found is None or found.at.tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "country", "instant"),
    [("2025-07-01T12:00:00", "DE", datetime(2025, 7, 1, 10, tzinfo=UTC)),
     ("2025-01-01T12:00:00", "DE", datetime(2025, 1, 1, 11, tzinfo=UTC)),
     ("2025-07-01T12:00:00", "GB", datetime(2025, 7, 1, 11, tzinfo=UTC)),
     ("2025-07-01T12:00:00", "TL", datetime(2025, 7, 1, 3, tzinfo=UTC)),
     ("2025-07-01T12:00:00", "US", datetime(2025, 7, 1, 12, tzinfo=UTC)),
     ("Jum'at, 17 Nopember 2023 10:00 WIB", None, datetime(2023, 11, 17, 3, tzinfo=UTC))],
)  # fmt: skip
def test_a_time_without_a_zone_is_that_of_the_outlet_s_country(
    text: str, country: str, instant: datetime
) -> None:
    found = read_time(text, country)
    assert found is not None
    assert found.at == instant


def test_every_country_s_zone_is_known() -> None:
    for country in COUNTRY_ZONES:
        assert read_time("2025-07-01T12:00:00", country) is not None

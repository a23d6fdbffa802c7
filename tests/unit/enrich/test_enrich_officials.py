"""High officials have ids; short and common names are theirs only while they are in office."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from builders import raw_article
from training.officials import OFFICIAL_COLUMNS, official_rows
from warta_enrich.models import SHIPPED, Models
from warta_enrich.pipeline import enrich
from warta_enrich.rows import TableError, read_rows
from warta_enrich.steps.gazetteer import ENTITY_COLUMNS
from warta_enrich.steps.periods import is_period, within

NOW = datetime(2025, 11, 3, tzinfo=UTC)
BEFORE = datetime(2015, 3, 2, tzinfo=UTC)


def people(models: Models, body: str, day: datetime = NOW) -> dict[str, int]:
    """Ids, or names where there is none, with their counts."""
    found = enrich(raw_article(title="Berita", body=body, published_at=day), models).people
    return {person.id or person.name: person.count for person in found}


LINKED = [
    ("Menteri Keuangan Purbaya Yudhi Sadewa hadir. Purbaya setuju.", {"person:purbaya-yudhi-sadewa": 2}),
    ("Menurut Purbaya, anggaran cukup.", {"person:purbaya-yudhi-sadewa": 1}),
    ("Sri Mulyani mundur. Kata Mulyani, sudah cukup.", {"person:sri-mulyani-indrawati": 2}),
    ("Gubernur BI Perry menahan suku bunga.", {"person:perry-warjiyo": 1}),
    ("Former president Joko Widodo, or Jokowi, came late.", {"person:joko-widodo": 2}),
    ("SBY dan AHY menghadiri kongres.", {"person:susilo-bambang-yudhoyono": 1, "person:agus-harimurti-yudhoyono": 1}),
    ("President Trump spoke to Xi Jinping.", {"person:donald-trump": 1, "person:xi-jinping": 1}),
    ("Mendag Budi Santoso tiba. Kata Budi Santoso, harga stabil.", {"person:budi-santoso-trade": 2}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), LINKED)
def test_officials_are_found_by_all_their_names(text: str, expected: dict[str, int], models: Models) -> None:
    assert people(models, text) == expected


def test_a_short_name_is_theirs_only_while_in_office(models: Models) -> None:
    text = "Kabar itu dibenarkan oleh Purbaya di Bandung."
    assert people(models, text, NOW) == {"person:purbaya-yudhi-sadewa": 1}
    assert "person:purbaya-yudhi-sadewa" not in people(models, text, BEFORE)


def test_a_short_name_beside_the_full_one_is_theirs_on_any_day(models: Models) -> None:
    text = "Purbaya Yudhi Sadewa menulis buku. Purbaya mengajar di kampus."
    assert people(models, text, BEFORE) == {"person:purbaya-yudhi-sadewa": 2}


def test_a_common_name_needs_an_office_close_by(models: Models) -> None:
    assert people(models, "Budi Santoso, seorang petani, menanam padi.") == {"Budi Santoso": 1}


def test_a_longer_name_around_theirs_is_somebody_else(models: Models) -> None:
    found = people(models, "Mantan menteri Edhy Prabowo bertemu Presiden Prabowo di Istana.")
    assert found == {"Edhy Prabowo": 1, "person:prabowo-subianto": 1}


@pytest.mark.parametrize("text", ["Penumpang padat di Bandara Soekarno-Hatta.", "Jalan Soekarno ditutup."])
def test_what_is_named_after_them_is_not_they(text: str, models: Models) -> None:
    assert people(models, text) == {}


def test_an_old_hand_is_shown_by_the_name_of_the_table(models: Models) -> None:
    found = enrich(raw_article(body="Menteri Keuangan Sri Mulyani hadir.", published_at=NOW), models).people
    assert [person.name for person in found] == ["Sri Mulyani Indrawati"]


def test_terms_of_a_name_are_one_period_from_the_first_to_the_last() -> None:
    rows = {
        row["id"]: row["aliases"].split("|") for row in read_rows(SHIPPED / "officials.tsv", ENTITY_COLUMNS)
    }
    assert len(rows) > 150
    assert "Erick=2019-10-23..&office" in rows["person:erick-thohir"]
    assert "Terawan=2019-10-23..2020-12-23" in rows["person:terawan-agus-putranto"]


@pytest.mark.parametrize(
    ("first", "last", "problem"),
    [("2024-10-20", "2019-10-20", "before it begins"), ("20 Oct 2024", "", "expected days"), ("", "", "expected days")],
)  # fmt: skip
def test_a_term_that_cannot_be_is_refused(tmp_path: Path, first: str, last: str, problem: str) -> None:
    row = ["person:x", "Xenia Yap", "ID", "Mayor", first, last, "", "Yap", ""]
    (tmp_path / "officials.tsv").write_text("\t".join(OFFICIAL_COLUMNS) + "\n" + "\t".join(row) + "\n")
    with pytest.raises(TableError, match=rf"officials\.tsv:2: .*{problem}"):
        list(official_rows(tmp_path))


@pytest.mark.parametrize(
    "rule", ["2024-10-20..", "..2024-10-20", "2019-10-20..2024-10-20", "2024-01-01..2024-01-01"]
)
def test_periods(rule: str) -> None:
    assert is_period(rule)


@pytest.mark.parametrize(
    "rule", ["", "..", "2024-10-20", "2024..2025", "2024-02-30..", "2025-01-01..2024-01-01", "home"]
)
def test_what_is_no_period(rule: str) -> None:
    assert not is_period(rule)


def test_both_days_of_a_period_belong_to_it() -> None:
    rule = "2019-10-20..2024-10-20"
    days = [date(2019, 10, 19), date(2019, 10, 20), date(2024, 10, 20), date(2024, 10, 21)]
    assert [within(day, rule) for day in days] == [False, True, True, False]
    assert within(date(1, 1, 1), "..2024-10-20")
    assert within(date(9999, 12, 31), "2024-10-20..")

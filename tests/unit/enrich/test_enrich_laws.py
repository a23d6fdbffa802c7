"""Laws by number in both languages, bills, and tickers with evidence."""

from __future__ import annotations

import pytest

from warta_enrich.steps.dates import find_dates
from warta_enrich.steps.laws import find_laws
from warta_enrich.steps.mentions import entities
from warta_enrich.steps.tickers import find_tickers
from warta_enrich.steps.tokens import read_passage

NUMBERED = [
    ("UU No. 11 Tahun 2020", "law:id-uu-2020-11"),
    ("UU 11/2020", "law:id-uu-2020-11"),
    ("Undang-Undang Nomor 11 Tahun 2020", "law:id-uu-2020-11"),
    ("Undang-Undang (UU) Nomor 11 Tahun 2020", "law:id-uu-2020-11"),
    ("Law No. 11 of 2020", "law:id-uu-2020-11"),
    ("Law Number 11/2020", "law:id-uu-2020-11"),
    ("Perppu No. 2 Tahun 2022", "law:id-perppu-2022-2"),
    ("Peraturan Pemerintah (PP) Nomor 28 Tahun 2025", "law:id-pp-2025-28"),
    ("Government Regulation No. 28 of 2025", "law:id-pp-2025-28"),
    ("Perpres 12/2025", "law:id-perpres-2025-12"),
    ("Inpres Nomor 1 Tahun 2025", "law:id-inpres-2025-1"),
    ("Permendag No. 8 Tahun 2024", "law:id-permendag-2024-8"),
    ("Peraturan Menteri Perdagangan Nomor 8 Tahun 2024", "law:id-permendag-2024-8"),
    ("Minister of Trade Regulation No. 8 of 2024", "law:id-permendag-2024-8"),
    ("PMK 131/2024", "law:id-pmk-2024-131"),
    ("Peraturan Menteri Keuangan Nomor 131 Tahun 2024", "law:id-pmk-2024-131"),
    ("Permen ESDM No. 7/2020", "law:id-permen-esdm-2020-7"),
    ("POJK Nomor 11/POJK.03/2022", "law:id-pojk-2022-11-pojk-03"),
    ("Putusan MK Nomor 90/PUU-XXI/2023", "law:id-putusan-mk-2023-90-puu-xxi"),
    ("Perda DKI Jakarta Nomor 1 Tahun 2024", None),
    ("RUU TNI", "law:id-ruu-tni"),
]


@pytest.mark.parametrize(("text", "identifier"), NUMBERED)
def test_a_law(text: str, identifier: str | None) -> None:
    passage = read_passage("body", f"Hal itu diatur dalam {text} yang berlaku sejak lama.")
    (law,) = entities(find_laws(passage))
    mention = law.mentions[0]
    assert law.id == identifier
    assert passage.text[mention.start : mention.end] == text


def test_bills_end_at_the_first_small_word() -> None:
    passage = read_passage("body", "DPR membahas RUU Perampasan Aset di Senayan dan RUU Penyiaran.")
    assert [law.name for law in entities(find_laws(passage))] == ["RUU Perampasan Aset", "RUU Penyiaran"]


def test_a_headline_names_bills_by_acronym_only() -> None:
    passage = read_passage("title", "DPR Sahkan RUU TNI dan RUU Perampasan Aset Ditunda")
    assert [law.name for law in entities(find_laws(passage))] == ["RUU TNI"]


@pytest.mark.parametrize(
    "text", ["law 11 of 2020", "skor 11/2020", "pasal 5 tahun 2020", "Lawson No. 11 of 2020"]
)
def test_no_law(text: str) -> None:
    assert list(find_laws(read_passage("body", text))) == []


def test_the_year_of_a_law_is_no_date() -> None:
    passage = read_passage("body", "Sesuai UU No. 11 Tahun 2020, sejak tahun 2021 izin berubah.")
    taken = [(law.start, law.end) for law in find_laws(passage)]
    assert [day.key for day in find_dates(passage, taken)] == ["2021"]


def test_tickers_need_evidence() -> None:
    text = (
        "Harga saham BBRI, emiten ANTM (IDX: TLKM), PT Bank Central Asia Tbk (BBCA) dan Apple (NASDAQ: AAPL) naik,"
        " sedangkan saham BUMN dan kode saham IHSG tidak; menurut lembaga itu (BNPB) banjir surut."
    )
    found = {ticker.id for ticker in entities(find_tickers(read_passage("body", text)))}
    assert found == {
        "ticker:idx-bbri",
        "ticker:idx-antm",
        "ticker:idx-tlkm",
        "ticker:idx-bbca",
        "ticker:nasdaq-aapl",
    }


def test_a_code_in_brackets_behind_the_company_whose_share_it_is() -> None:
    text = (
        "Saham Bank Mandiri (BMRI) naik, sementara saham BRI (BBRI) turun. Pemegang saham PT Industri Kereta Api (INKA)"
        " rapat; saham gabungan dibahas. Komisi Informasi (KIPP) hadir. Garuda (GIAA.JK) naik."
    )
    found = {ticker.name for ticker in entities(find_tickers(read_passage("body", text)))}
    assert found == {"BMRI", "BBRI", "GIAA"}

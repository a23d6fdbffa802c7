"""People behind titles, with the office in between, and their short names."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from builders import raw_article
from warta_enrich.models import Models
from warta_enrich.pipeline import enrich

TITLED = [
    ("Deputy Minister Helvi Moraza opened the fair.", {"Helvi Moraza": 1}),
    ("Presiden Prabowo Subianto tiba di Surabaya.", {"Prabowo Subianto": 1}),
    ("Acting Governor of East Java Emil Dardak agreed.", {"Emil Dardak": 1}),
    ("Menteri Keuangan Sri Mulyani Indrawati mundur.", {"Sri Mulyani Indrawati": 1}),
    ("Menteri Koordinator Bidang Pangan Zulkifli Hasan hadir.", {"Zulkifli Hasan": 1}),
    ("Mendag Budi Santoso meninjau pasar.", {"Budi Santoso": 1}),
    ("Secretary of the Ministry of MSMEs Arif Rahman Hakim spoke in Jakarta.", {"Arif Rahman Hakim": 1}),
    ("Ketua Umum Partai Golkar Bahlil Lahadalia menolak.", {"Bahlil Lahadalia": 1}),
    ("Ketua DPR RI Puan Maharani membuka sidang.", {"Puan Maharani": 1}),
    ("Kapolri Jenderal Listyo Sigit Prabowo menjawab.", {"Listyo Sigit Prabowo": 1}),
    ("US President Donald Trump called him.", {"Donald Trump": 1}),
    ("Menteri Dalam Negeri M. Tito Karnavian setuju.", {"M. Tito Karnavian": 1}),
    ("Mensos Salim Segaf Al-Jufri datang.", {"Salim Segaf Al-Jufri": 1}),
    ("Senator Joseph A. Day resigned.", {"Joseph A. Day": 1}),
    ("Orang yang dicurigai anggota Al-Qaeda ditangkap.", {}),
    ("the minister said nothing; Menteri Keuangan Republik Indonesia hadir.", {}),
    ("Ketua Pengadilan Negeri Surabaya dan Direktur Pemasaran hadir.", {}),
    ("Pertunjukan itu digelar di Taman Ismail Marzuki kemarin.", {}),
]


def people(models: Models, body: str, title: str = "Berita") -> dict[str, int]:
    found = enrich(raw_article(title=title, body=body), models).people
    return {person.name: person.count for person in found}


@pytest.mark.parametrize(("text", "expected"), TITLED)
def test_names_behind_titles(text: str, expected: dict[str, int], models: Models) -> None:
    assert people(models, text) == expected


def test_a_short_name_is_the_same_person(models: Models) -> None:
    body = "Gubernur Emil Dardak datang terlambat. Menurut Emil, jalan macet. Ia lalu pergi, kata Dardak."
    assert people(models, body) == {"Emil Dardak": 3}


def test_a_short_name_before_the_full_name_is_the_same_person(models: Models) -> None:
    body = "Presiden Prabowo tiba kemarin siang. Hari ini Presiden Prabowo Subianto memimpin rapat."
    assert people(models, body) == {"Prabowo Subianto": 2}


def test_a_namesake_is_another_person(models: Models) -> None:
    body = "Gubernur Emil Dardak tiba. Direktur Emil Salim pulang. Kata Emil, rapat selesai."
    assert people(models, body) == {"Emil Dardak": 1, "Emil Salim": 1}


def test_headlines_capitalise_verbs(models: Models) -> None:
    title = "Deputy Minister Stresses Synchronisation and Collaboration to Advance Small Firms"
    assert people(models, "Nothing else was said about it on that day.", title) == {}


def test_a_headline_names_a_person_known_from_the_body(models: Models) -> None:
    body = "Wakil Menteri Helvi Moraza membuka pameran itu di Surabaya kemarin."
    assert people(models, body, "Wamen Helvi Buka Pameran Usaha Kecil") == {"Helvi Moraza": 2}


NAMESAKES = [
    ("Pevoli Megawati Hangestri pulang ke Jember. Kata Megawati, ia ingin merawat ibunya.", None),
    ("Petani Prabowo Santoso memanen padi. Kata Prabowo, ia senang.", None),
    ("Petani Prabowo Santoso memanen padi. Presiden Prabowo mengaku senang.", "person:prabowo-subianto"),
    (
        "Prabowo Subianto tiba. Prabowo Santoso menyambutnya. Kata Prabowo, ia senang.",
        "person:prabowo-subianto",
    ),
    ("Herawati Prabowo hadir. Kata Prabowo, ia senang.", "person:prabowo-subianto"),
    ("Ekonom memuji langkah itu. Prabowo mengaku senang.", "person:prabowo-subianto"),
]


@pytest.mark.parametrize(("text", "known"), NAMESAKES)
def test_a_short_name_is_that_of_the_full_name_in_the_text(
    text: str, known: str | None, models: Models
) -> None:
    day = datetime(2025, 6, 2, tzinfo=UTC)
    found = enrich(raw_article(title="Berita", body=text, published_at=day), models).people
    assert known in {one.id for one in found}
    assert {one.id for one in found} <= {known, None}

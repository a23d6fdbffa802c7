"""Organisations and places: one id for all ways to write a name, and none without evidence."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from builders import raw_article
from warta_enrich.models import Models
from warta_enrich.pipeline import enrich
from warta_shared.events import Entity

ONE_ID = [
    ("Kementerian UMKM menyalurkan kredit di Indonesia.", "org:kemenkop-umkm"),
    ("The Ministry of MSMEs will lend more in Indonesia.", "org:kemenkop-umkm"),
    ("Indonesia's Ministry of Micro, Small and Medium Enterprises will lend more.", "org:kemenkop-umkm"),
    ("Investors asked BKPM for help in Indonesia last week.", "org:bkpm"),
    ("Indonesia's Ministry of Investment/BKPM signed the deal yesterday.", "org:bkpm"),
    ("Kementerian Investasi dan Hilirisasi/BKPM meneken perjanjian itu kemarin.", "org:bkpm"),
    ("The Indonesian Finance Ministry sold bonds to banks on Tuesday.", "org:kemenkeu"),
    ("Komisi Pemberantasan Korupsi memeriksa dua saksi lagi kemarin.", "org:kpk"),
    ("The Corruption Eradication Commission questioned two more witnesses.", "org:kpk"),
    ("Fraksi PAN menolak usulan itu dalam rapat kemarin.", "org:pan"),
    ("Partai Demokrat menang; Demokrat lalu memilih ketua baru.", "org:demokrat"),
]

NOT_THIS_ONE = [
    ("Japan's Finance Ministry sold bonds to Indonesia on Tuesday.", "org:kemenkeu"),
    ("The Ministry of Trade of Thailand met buyers from Vietnam.", "org:kemendag"),
    (
        "The U.S. House of Representatives voted on Tuesday. American farmers export soy to China and Indonesia,"
        " and U.S. officials expect the House of Representatives to meet again.",
        "org:dpr",
    ),
    ("Mahkamah Agung AS menolak gugatan itu, kata pengacara di Indonesia.", "org:ma"),
    ("Kementerian Luar Negeri Rusia memanggil duta besar itu kemarin.", "org:kemlu"),
    ("Dia memasak nasi di PAN besar dari besi untuk tamu.", "org:pan"),
    ("KPK-nya belum, tetapi kpk huruf kecil bukan nama lembaga.", "org:pan"),
]

PLACES = [
    ("Warga Kota Batu menolak pembangunan hotel baru.", {"place:id-3579"}),
    ("Batu besar itu jatuh ke sungai dekat rumah warga.", set()),
    ("Gubernur Jawa Timur meninjau pasar di Surabaya.", {"place:id-ji", "place:id-3578"}),
    ("The governor of East Java visited Malang Regency.", {"place:id-ji", "place:id-3507"}),
    ("Pemkab Malang dan Pemerintah Kabupaten Malang sepakat.", {"place:id-3507"}),
    ("Pemkot Malang dan Pemerintah Kabupaten Madiun sepakat.", {"place:id-3573", "place:id-3519"}),
    ("Malang benar nasib petani itu, panennya gagal lagi tahun ini.", set()),
    ("Kantornya di Jalan Surabaya ditutup polisi kemarin siang.", set()),
    ("Nilai tukar naik ke Rp16.200 per dolar AS dan US$ 3 juta masuk.", set()),
    ("Presiden AS akan berkunjung ke Tiongkok bulan depan.", {"country:US", "country:CN"}),
    ("The U.S. and South Korea agreed on a new tariff deal.", {"country:US", "country:KR"}),
    ("Michael Jordan scored again while the crowd in Jakarta cheered.", {"place:id-jk"}),
    ("Refugees in Jordan wait for help from the Jordanian army.", {"country:JO"}),
    ("Bupati Kabupaten Bone menghadiri rapat di Makassar.", {"place:id-7308", "place:id-7371"}),
]


def linked(found: Sequence[Entity]) -> list[str]:
    """The ids of those entities that the tables know."""
    return [entity.id for entity in found if entity.id]


def organisations(text: str, models: Models) -> set[str | None]:
    return {entity.id for entity in enrich(raw_article(title="Berita", body=text), models).organisations}


@pytest.mark.parametrize(("text", "identifier"), ONE_ID)
def test_every_way_to_write_it_has_one_id(text: str, identifier: str, models: Models) -> None:
    assert identifier in organisations(text, models)


@pytest.mark.parametrize(("text", "identifier"), NOT_THIS_ONE)
def test_no_entity_without_evidence(text: str, identifier: str, models: Models) -> None:
    assert identifier not in organisations(text, models)


@pytest.mark.parametrize(("text", "expected"), PLACES)
def test_places_by_context(text: str, expected: set[str], models: Models) -> None:
    found = enrich(raw_article(title="Berita", body=text), models).places
    assert set(linked(found)) == expected


def test_the_source_country_counts_as_evidence(models: Models) -> None:
    text = "The Ministry of Trade will cut quotas for sugar and salt next month."
    here = raw_article(title="Quotas", body=text, source={"id": "ANTARA", "country": "ID"})
    elsewhere = raw_article(title="Quotas", body=text, source={"id": "BP", "country": "TH"})
    assert linked(enrich(here, models).organisations) == ["org:kemendag"]
    assert linked(enrich(elsewhere, models).organisations) == []


def test_the_longest_name_wins(models: Models) -> None:
    article = enrich(raw_article(body="Bank Indonesia dan Bank Syariah Indonesia membuka kantor."), models)
    assert {entity.id for entity in article.organisations} == {"org:bank-indonesia", "org:bsi"}
    assert article.places == ()


def test_no_name_spans_paragraphs(models: Models) -> None:
    article = enrich(raw_article(title="Berita", body="Ia bekerja di Bank\n\nIndonesia menang lagi."), models)
    assert [entity.id for entity in article.organisations] == []
    assert [entity.id for entity in article.places] == ["country:ID"]

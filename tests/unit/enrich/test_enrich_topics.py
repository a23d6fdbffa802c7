"""Topics: the section's code first, then the words; deeper codes with their top level; silence where nothing fits."""

from __future__ import annotations

import pytest

from builders import raw_article
from warta_enrich.models import Models
from warta_enrich.pipeline import enrich
from warta_enrich.steps.tokens import read_passage
from warta_enrich.steps.topics import find_topics

ABOUT = [
    (
        "Bank sentral menahan suku bunga acuan karena inflasi turun, sedangkan rupiah menguat di pasar valas.",
        "id",
        {"04000000", "20000379"},
    ),
    (
        "The central bank kept its benchmark rate because inflation eased and the exchange rate was stable.",
        "en",
        {"04000000", "20000379"},
    ),
    (
        "Pelaku UMKM di pasar itu mengajukan kredit usaha rakyat; usaha mikro lain memilih koperasi.",
        "id",
        {"04000000", "20001172"},
    ),
    (
        "KPK menahan bupati dalam kasus suap dan korupsi pengadaan; jaksa menyebut kerugian negara besar.",
        "id",
        {"02000000", "20000093"},
    ),
    (
        "Voters cast ballots in the regional elections as the election commission counted the votes.",
        "en",
        {"11000000", "20000574"},
    ),
    (
        "Smelter nikel itu menampung bijih dari tambang; pertambangan bauksit dan tembaga juga tumbuh.",
        "id",
        {"04000000", "20000316"},
    ),
    (
        "Workers want a higher minimum wage; the trade union called a strike after the layoffs.",
        "en",
        {"09000000", "20000518"},
    ),
    (
        "Gempa bumi magnitudo 6 memicu tsunami kecil, warga mengungsi dan tim SAR mencari korban.",
        "id",
        {"03000000"},
    ),
    ("The striker scored twice and the goalkeeper saved a penalty in the league match.", "en", {"15000000"}),
    ("Dokter meminta pasien demam berdarah segera ke rumah sakit karena wabah meluas.", "id", {"07000000"}),
]


@pytest.mark.parametrize(("text", "language", "expected"), ABOUT)
def test_what_a_text_is_about(text: str, language: str, expected: set[str], models: Models) -> None:
    topics = find_topics([read_passage("body", text)], models.topics, language)
    assert expected <= {topic.code for topic in topics}
    assert all(0 < topic.score <= 1 for topic in topics)
    assert [topic.score for topic in topics] == sorted((topic.score for topic in topics), reverse=True)


@pytest.mark.parametrize(
    ("headline", "top", "other"),
    [
        ("Respons usai namanya muncul di bursa cawagub Jakarta", "11000000", "04000000"),
        ("Keluarga itu mendapat bantuan beras sebulan dan pupuk setiap bulan", "04000000", "13000000"),
        ("Tim penyidik KPK menggeledah kantor bupati dalam kasus suap", "02000000", "15000000"),
        ("Coach praises players after the game as the club wins the league match", "15000000", "13000000"),
        ("Company presents new software for computers and chips", "13000000", "11000000"),
    ],
)
def test_words_with_two_meanings_do_not_lead_astray(
    headline: str, top: str, other: str, models: Models
) -> None:
    topics = find_topics([read_passage("title", headline)], models.topics, "id")
    tops = {models.topics.codes[topic.code].top for topic in topics}
    assert top in tops
    assert other not in tops


def test_nothing_to_say_is_no_topic(models: Models) -> None:
    text = "Lorem ipsum dolor sit amet, yang itu dan ini, begitu saja katanya kemarin sore."
    assert find_topics([read_passage("body", text)], models.topics, "id") == ()


def test_what_is_touched_upon_once_in_a_long_text_is_no_topic(models: Models) -> None:
    text = "Bank sentral menahan suku bunga acuan karena inflasi turun. " * 12 + "Seorang dokter lewat."
    codes = {topic.code for topic in find_topics([read_passage("body", text)], models.topics, "id")}
    assert "04000000" in codes
    assert "07000000" not in codes


def test_the_section_comes_first(models: Models) -> None:
    passages = [read_passage("body", "Lorem ipsum dolor sit amet.")]
    topics = find_topics(passages, models.topics, "und", ["15000000", "99999999"])
    assert [(topic.code, topic.name, topic.score) for topic in topics] == [("15000000", "sport", 0.9)]


def test_words_of_other_languages_are_not_read(models: Models) -> None:
    passages = [
        read_passage("body", "De bank verhoogt de rente, de economie en de export groeien, import daalt.")
    ]
    assert find_topics(passages, models.topics, "nl") == ()


def test_compounds_and_suffixes_find_their_term(models: Models) -> None:
    passages = [read_passage("body", "Suku-bunga naik lagi, ekonominya lesu.")]
    assert "20000379" in {topic.code for topic in find_topics(passages, models.topics, "id")}


def test_a_forecast_of_growth_is_no_weather(models: Models) -> None:
    body = "Economists cut their forecast for the economy. The World Bank forecast growth of 4.7%, below its forecast."
    codes = {
        one.code for one in enrich(raw_article(title="Analysts cut forecasts", body=body), models).topics
    }
    assert "17000000" not in codes
    assert "04000000" in codes

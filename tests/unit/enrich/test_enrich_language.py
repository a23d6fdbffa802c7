"""The language vote on texts of our own in the languages of the archipelago and its neighbours."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warta_enrich.models import Models
from warta_enrich.steps.language import detect_language
from warta_enrich.steps.language_sample import is_language, language_sample, words_of

TEXTS = {
    "id": "Pemerintah daerah akan memperbaiki jalan yang rusak karena banjir sebelum musim panen tiba tahun depan.",
    "en": "The council said it would repair the flooded road before the harvest, although money is still short.",
    "ms": "Kerajaan negeri akan membaiki jalan raya yang rosak kerana banjir, kata beliau selepas lawatan semalam.",
    "jv": "Warga desa padha gotong royong mbangun kreteg anyar amarga kreteg sing lawas wis rusak lan ora aman maneh.",
    "su": "Warga désa keur gotong royong ngomean jalan nu geus ruksak ku caah, sangkan barudak bisa ka sakola deui.",
    "min": "Urang kampuang tu alah mamelok jambatan nan rusak dek aia gadang, tapi indak ado pitih untuak jalan.",
    "nl": "De gemeente zegt dat de weg na de overstroming pas volgend jaar wordt hersteld, omdat er geld ontbreekt.",
    "fr": "La commune affirme que la route inondée sera réparée avant la récolte, mais l'argent manque encore.",
    "ja": "市は、洪水で壊れた道路を来年の収穫の前に直すと述べたが、予算はまだ足りない。",
    "zh": "市政府表示，将在明年收获之前修复被洪水冲毁的道路，但资金仍然不足。",
    "ar": "قالت البلدية إنها ستصلح الطريق الذي غمرته المياه قبل موسم الحصاد رغم نقص الأموال.",
    "th": "เทศบาลกล่าวว่าจะซ่อมถนนที่ถูกน้ำท่วมก่อนฤดูเก็บเกี่ยวปีหน้า แต่งบประมาณยังไม่เพียงพอ",
}

HEADLINES = {
    "Ada Sisi Gelap di Balik Pertumbuhan Ekonomi China": "id",
    "Sekatan ke atas parlimen ditarik balik": "ms",
    "Saiz projek itu bertambah": "ms",
    "Warga badé ngabangun gedong sakola": "su",
    "Ambo indak tau apo nan tajadi": "min",
    # Words that Minangkabau and Sundanese have too, and words that only one of the twins has.
    "Warga Banyak Mengeluh, Harga Beras Naik buat Pedagang Kecil": "id",
    "Sekolah Ini Bakal Jadi Tuan Rumah Lomba Sepak Bola": "id",
    "Kejagung Tangkap Mantan Dirjen Kemenkeu": "id",
    "Kapolres Imbau Warga Waspada Banjir": "id",
    "Polis siasat kes rasuah membabitkan pegawai kanan": "ms",
    "Kerajaan umum belanjawan tambahan untuk sukan": "ms",
}

NO_LANGUAGE = [
    "",
    "12.345,67 / 2025-06-02 (3)",
    "https://news.example/a/b?utm_source=x #viral @akun",
    "BBCA +1,2% TLKM -0,4%",
    "<img src='x.png' alt='foto pasar pagi di kota'>",
    "qwrtz pfgh jklm xcvb nmqs",
    "ok ya",
]


@pytest.mark.parametrize("language", TEXTS)
def test_language_of_an_article(language: str, models: Models) -> None:
    verdict = detect_language("", TEXTS[language], models.language)
    assert verdict.language == language
    assert 0.5 <= verdict.confidence <= 1.0


@pytest.mark.parametrize("headline", HEADLINES)
def test_language_of_a_headline(headline: str, models: Models) -> None:
    assert detect_language(headline, "", models.language).language == HEADLINES[headline]


@pytest.mark.parametrize("text", NO_LANGUAGE)
def test_no_language_is_undetermined(text: str, models: Models) -> None:
    assert detect_language("", text, models.language).language == "und"


def test_the_hint_speaks_where_the_text_is_too_short(models: Models) -> None:
    verdict = detect_language("Foto", "Banjir", models.language, hint="id-ID")
    assert (verdict.language, verdict.confidence) == ("id", 0.0)


def test_the_hint_does_not_overrule_the_text(models: Models) -> None:
    assert detect_language("", TEXTS["en"], models.language, hint="id").language == "en"


def test_old_codes_in_hints(models: Models) -> None:
    assert detect_language("Foto", "Banjir", models.language, hint="in").language == "id"


def test_a_second_language_of_a_quarter_is_recorded(models: Models) -> None:
    mixed = f"{TEXTS['id'] * 4}\n\n{TEXTS['en'] * 3}"
    verdict = detect_language("", mixed, models.language)
    assert (verdict.language, verdict.second) == ("id", "en")


def test_a_quote_in_another_language_does_not_flip_an_article(models: Models) -> None:
    quoted = f'{TEXTS["id"] * 4} "We will repair the road," kata seorang turis.'
    verdict = detect_language("", quoted, models.language)
    assert (verdict.language, verdict.second) == ("id", None)


def test_control_characters_and_noncharacters_are_left_out() -> None:
    sample = language_sample("a\x07b", "c\x85d\ufdd0e\U0001ffff\ud800f\tg")
    assert sample == "a b\nc d e  f\tg"


def test_links_handles_and_tags_are_no_words() -> None:
    sample = language_sample(
        "", "<b>satu</b> https://x.example/kata kata@x.example #dua @tiga www.empat.example"
    )
    assert sample.split() == ["satu"]
    assert not is_language(sample)


@given(st.text(max_size=60))
def test_words_are_runs_of_letters(text: str) -> None:
    assert words_of(text) == re.findall(r"[^\W\d_]+", text)


def test_threads_share_one_model(models: Models) -> None:
    """Many threads at once get what one thread gets."""
    with ThreadPoolExecutor(8) as threads:
        found = threads.map(
            lambda text: detect_language("", text, models.language).language, list(TEXTS.values()) * 20
        )
    assert list(found) == list(TEXTS) * 20

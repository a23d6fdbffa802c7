"""What the analyzers join and keep apart, measured on word families; the floors are a little below the figures."""

from __future__ import annotations

from typing import Any

import pytest
from real_articles import Articles
from word_families import families, measure, stems, vocabulary

from warta_index.schema.analysis import INDONESIAN, NEUTRAL

LIGHT = {
    "tokenizer": "standard",
    "filter": [
        "lowercase",
        {"type": "stop", "stopwords": "_indonesian_"},
        {"type": "stemmer", "language": "light_indonesian"},
    ],
}
# Analyzer, and the recall, precision and share of look-alikes kept apart that it must reach.
FLOORS: dict[str, tuple[dict[str, Any], float, float, float]] = {
    "ours": ({"analyzer": INDONESIAN}, 0.97, 0.985, 0.985),
    "neutral": ({"analyzer": NEUTRAL}, 0.0, 1.0, 1.0),
}
# Elasticsearch's own, and the recall that they do not reach.
CEILINGS: dict[str, tuple[dict[str, Any], float]] = {
    "indonesian": ({"analyzer": "indonesian"}, 0.75),
    "light_indonesian": (LIGHT, 0.05),
}


def test_the_list_is_long_enough_to_measure_with() -> None:
    found = families()
    assert len(found) >= 200
    assert sum(len(family.words) for family in found) >= 1_400
    words = [word for family in found for word in family.words]
    assert len(words) == len(set(words)), "a word belongs to one family"


@pytest.mark.parametrize("name", FLOORS)
async def test_families_are_joined_and_strangers_kept_apart(articles: Articles, name: str) -> None:
    analysis, recall, precision, apart = FLOORS[name]
    found = measure(families(), await stems(articles, analysis, vocabulary(families())))
    print(name, found)
    assert found.recall >= recall, found
    assert found.precision >= precision, found
    assert found.apart >= apart, found


@pytest.mark.parametrize("name", CEILINGS)
async def test_the_rules_earn_their_place(articles: Articles, name: str) -> None:
    """When Elasticsearch's own analyzer does as well, ours can go."""
    analysis, recall = CEILINGS[name]
    found = measure(families(), await stems(articles, analysis, vocabulary(families())))
    print(name, found)
    assert found.recall < recall, found


@pytest.mark.parametrize(
    "family",
    [
        "naik menaikkan dinaikkan kenaikan naiknya",
        "tulis menulis penulis tulisan tertulis",
        "pukul memukul pemukul pukulan",
        "kirim mengirim pengiriman kiriman",
        "sewa menyewakan penyewa sewaan",
        "ajar belajar pelajaran mempelajari pembelajaran",
        "pimpin memimpin pemimpin kepemimpinan",
        "tahan bertahan pertahanan mempertahankan ketahanan",
        "rencana berencana perencanaan terencana",
        "nilai menilai penilaian bernilai",
    ],
)
async def test_a_family_has_one_stem(articles: Articles, family: str) -> None:
    found = await stems(articles, {"analyzer": INDONESIAN}, sorted(family.split()))
    assert len(set(found.values())) == 1, found


@pytest.mark.parametrize(
    "strangers",
    [
        "pakar makar", "kawasan awas", "selatan selat", "pasukan masuk", "perdana dana", "pertama nama",
        "masalah masa", "sekolah seko", "tanya tanah", "uang ruang", "hutan hujan", "parah marah", "kotak otak",
    ],
)  # fmt: skip
async def test_strangers_have_two(articles: Articles, strangers: str) -> None:
    found = await stems(articles, {"analyzer": INDONESIAN}, strangers.split())
    assert len(set(found.values())) == 2, found


async def test_words_of_grammar_are_left_out(articles: Articles) -> None:
    words = ["adalah", "kecil", "usaha", "yang"]
    assert set(await stems(articles, {"analyzer": INDONESIAN}, words)) == {"kecil", "usaha"}


async def test_no_text_is_too_much(articles: Articles) -> None:
    """A word of 255 letters is as long as the tokenizer makes them."""
    for text in ("ke" * 2_000 + "an", "a" * 5_000, "meng" * 1_000, "ber" * 1_000 + "kan", "\u0130" * 50):
        answer = await articles.do(
            "POST", "/articles-v1/_analyze", {"analyzer": INDONESIAN, "text": " ".join([text] * 20)}
        )
        assert answer["tokens"]

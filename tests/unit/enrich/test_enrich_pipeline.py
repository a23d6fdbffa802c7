"""The pipeline as a whole: nothing lost, nothing raised, lists and time bounded."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builders import NOON, raw_article
from warta_enrich.models import Models
from warta_enrich.pipeline import enrich
from warta_shared.events import Article, EnrichedArticle
from warta_shared.events.article import PublishedSource, Status
from warta_shared.events.fields import BODY_MAX, LIST_MAX

ANY_TEXT = st.text(
    st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1, max_size=600
)
FRAGMENTS = st.lists(
    st.sampled_from(
        [
            "Menteri", "Presiden", "Pak", "Joko Widodo", "(", ")", "/", "-", ".", "Rp", "1,5", "triliun", "%", "UU",
            "No.", "11", "Tahun", "2020", "RUU", "di", "Kota", "Batu", "AS", "US$", "KPK", "Ministry of", "Trade",
            "'s", "’", "\n\n", "\t", "\x1b", "\u200b", "\U0001ffff", "😀", "的", "ا", "saham", "BBCA", "Tbk", "kata",
            "2/6/", "2025-", "al-", "M.", "A", "dan", "\ufdd0", "é", "e\u0301", "_", "İ", "ß",
        ]
    ),
    min_size=1,
    max_size=80,
).map(" ".join)  # fmt: skip
HOSTILE = [
    "1,", "1", "Rp ", "Rp1-", "Rp1.", "UU ", "A ", "RUU Aa ", "No. 1/A", "11/2020 ", "PP Nomor 1 Tahun 2020 ",
    "2 june ", "2 Juni 2025 ", "1-", " ", "-", "(", "\n \n", "a'", "$", "Menteri ", "Menteri Aa ", "Menteri Aa Bb. ",
    "Aa Bb, kata Aa. ", "Kota ", "Kementerian ", "Bank Indonesia ", "http://", "<", "@", "<a", "a@", "#", "saham ",
    "的", "ا", "Ketua (", "x", "Presiden Joko Widodo ", "é", "\U0001f600", "5% ", "di Batu ", "2025 ", "IDX: ABCD ",
    "ini itu dan yang ", "The of and ", "suku bunga ", "Kementerian Luar Negeri ", "Japan's Ministry of Trade ",
]  # fmt: skip


def test_every_field_of_the_raw_article_is_carried_over(models: Models) -> None:
    raw = raw_article(
        revision=3,
        summary="Ringkasan",
        published_at=NOON,
        published_source=PublishedSource.META,
        modified_at=NOON,
        status=Status.WITHDRAWN,
        source={"id": "GALERT", "name": "Alerts", "country": "ID", "feed": "umkm"},
        authors=["Sari"],
        sections=["Ekonomi"],
        image_url="https://news.example/a.jpg",
        extensions={"pusher": "desk", "rank": 3},
        language_hint="id",
        topic_hints=["04000000"],
    )
    enriched = enrich(raw, models)
    assert {name: getattr(enriched, name) for name in Article.model_fields} == {
        name: getattr(raw, name) for name in Article.model_fields
    }
    assert enriched.enrichment == models.made_by
    assert EnrichedArticle.model_validate_json(enriched.model_dump_json()) == enriched


def test_the_same_article_gives_the_same_bytes(models: Models) -> None:
    raw = raw_article()
    assert enrich(raw, models).model_dump_json() == enrich(raw, models).model_dump_json()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(title=ANY_TEXT.map(lambda text: text[:1_000]), body=ANY_TEXT | FRAGMENTS)
def test_any_text_passes(models: Models, title: str, body: str) -> None:
    """Any script, control characters, fragments of everything that the rules look for; offsets stay inside."""
    enriched = enrich(raw_article(title=title, body=body), models)
    texts = {"title": title, "body": body}
    for kind in ("people", "organisations", "places", "laws", "tickers", "amounts", "percentages", "dates"):
        for entity in getattr(enriched, kind):
            for mention in entity.mentions:
                assert 0 <= mention.start < mention.end <= len(texts[mention.field])


@pytest.mark.parametrize("pattern", HOSTILE)
def test_hostile_repetition_takes_bounded_time(pattern: str, models: Models) -> None:
    """A body of 100,000 characters of it, all of which are read, in CPU time that a busy machine allows."""
    body = (pattern * (100_000 // len(pattern) + 1))[:100_000]
    started = time.thread_time()
    enrich(raw_article(body=body), models)
    assert time.thread_time() - started < 2.0


def test_the_largest_body_takes_bounded_time_and_keeps_its_text(models: Models) -> None:
    sentence = "Menteri Perdagangan Budi Santoso menyiapkan Rp1,5 triliun pada 2 Juni 2025 di Surabaya, naik 5 persen. "
    body = (sentence * (BODY_MAX // len(sentence) + 1))[:BODY_MAX]
    started = time.thread_time()
    enriched = enrich(raw_article(body=body), models)
    assert time.thread_time() - started < 2.0
    assert enriched.body == body
    assert len(enriched.amounts[0].mentions) == LIST_MAX < enriched.amounts[0].count


def test_long_lists_are_cut_and_the_most_frequent_stay(models: Models) -> None:
    body = " ".join(f"Rp{number} juta." for number in range(1, 1_000)) + " Rp999 juta lagi."
    enriched = enrich(raw_article(body=body), models)
    assert len(enriched.amounts) == LIST_MAX
    assert (enriched.amounts[0].amount, enriched.amounts[0].count) == (999e6, 2)

"""The articles themselves: enough of them, each its own text, with what enrichment is to find."""

import re
from collections import Counter
from itertools import combinations

import pytest

from warta_local.newsroom import Outcome, expected_articles
from warta_local.newsroom.article import NewsArticle, load_articles, load_edits
from warta_local.newsroom.feeds import FEEDS
from warta_local.newsroom.outlets import OUTLETS

PUBLISHED = [one for one in load_articles().values() if one.outcome is Outcome.PUBLISHED]
VERSIONS = [*PUBLISHED, *load_edits().values()]


def words(article: NewsArticle) -> list[str]:
    return re.findall(r"\w+", " ".join((article.title, *article.paragraphs)).lower())


def runs(article: NewsArticle, length: int = 8) -> set[tuple[str, ...]]:
    sequence = words(article)
    return {tuple(sequence[i : i + length]) for i in range(len(sequence) - length + 1)}


def by_slug(article: NewsArticle) -> str:
    return article.slug


def test_half_are_indonesian_and_half_english() -> None:
    languages = Counter(OUTLETS[article.outlet].language for article in PUBLISHED)
    assert languages == {"id": 17, "en": 15}


@pytest.mark.parametrize("article", VERSIONS, ids=by_slug)
def test_an_article_is_short_and_has_its_phrase_once(article: NewsArticle) -> None:
    text = "\n".join(article.paragraphs)
    assert 150 <= len(text.split()) <= 350
    assert text.count(article.contains) == 1
    assert len(article.contains) >= 15


def test_no_two_articles_share_eight_words_but_the_near_copy() -> None:
    shared = {
        (one.slug, other.slug): len(runs(one) & runs(other))
        for one, other in combinations(PUBLISHED, 2)
        if runs(one) & runs(other)
    }
    assert set(shared) == {("banjir-demak-kawat", "banjir-demak")}
    copied = load_articles()["banjir-demak-kawat"]
    assert copied.near_copy_of == "banjir-demak"
    assert shared["banjir-demak-kawat", "banjir-demak"] > 0.8 * len(runs(copied))


def test_the_near_copy_is_not_the_same_text() -> None:
    copied, original = (load_articles()[slug] for slug in ("banjir-demak-kawat", "banjir-demak"))
    assert copied.title != original.title
    assert runs(copied) - runs(original)


def test_the_edit_changes_headline_and_text_but_not_identity() -> None:
    ((slug, second),) = load_edits().items()
    first = load_articles()[slug]
    assert second.title != first.title
    assert second.contains not in "\n".join(first.paragraphs)
    assert first.contains not in "\n".join(second.paragraphs)
    assert second.updated and first.published and second.updated > first.published
    assert (second.path, second.published, second.authors) == (first.path, first.published, first.authors)


@pytest.mark.parametrize("article", VERSIONS, ids=by_slug)
def test_no_text_holds_its_outlets_boilerplate(article: NewsArticle) -> None:
    text = "\n".join((article.title, *article.paragraphs))
    assert [phrase for phrase in OUTLETS[article.outlet].boilerplate if phrase in text] == []


@pytest.mark.parametrize(
    ("pattern", "language", "at_least"),
    [
        (r"Rp ?\d[\d.,]* (triliun|miliar|juta)", "id", 10),
        (r"Rp ?\d[\d.,]* (trillion|billion|million)", "en", 10),
        (r"(US\$ ?|USD )\d", "id", 2),
        (r"(US\$ ?|USD )\d", "en", 6),
        (r"\d,?\d* persen", "id", 12),
        (r"\d\.?\d* ?(percent|%)", "en", 12),
        (r"\d{1,2} November 2026", "id", 3),
        (r"\d{1,2} (November|December) 2026", "en", 5),
        (r"\(\d{1,2}/11/2026\)", "id", 5),
        (r"(UU|Undang-Undang) (No\.|Nomor) \d+ Tahun \d{4}", "id", 10),
        (r"Law,? No\. \d+ of \d{4}", "en", 8),
        (r"\(IDX: [A-Z]{4}\)", "id", 2),
        (r"\(IDX: [A-Z]{4}\)", "en", 5),
        (r"(saham|emiten) [A-Z]{4}\b", "id", 2),
        (r"Kementerian [A-Z]", "id", 10),
        (r"Ministry of [A-Z]", "en", 5),
        (r"ministries", "en", 3),
        (r"[Pp]embiayaan", "id", 3),
        (r"(mem|di)biayai", "id", 2),
        (r"[Ff]inanc(e|es|ing|ial)\b", "en", 4),
    ],
)
def test_articles_hold_what_enrichment_looks_for(pattern: str, language: str, at_least: int) -> None:
    texts = [
        "\n".join((article.title, *article.paragraphs))
        for article in PUBLISHED
        if OUTLETS[article.outlet].language == language
    ]
    assert sum(re.search(pattern, text) is not None for text in texts) >= at_least


def test_every_article_is_in_a_feed_and_no_feed_names_another() -> None:
    assert {link.slug for spec in FEEDS for link in spec.links} == set(load_articles())


def test_expectations_before_and_after_the_edit_differ_by_one_article() -> None:
    before, after = expected_articles(), expected_articles(edited=True)
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert [(old.slug, old.revision, new.revision) for old, new in changed] == [("cold-storage-ipo", 1, 2)]
    old, new = changed[0]
    assert old.contains in new.excludes
    assert (old.canonical_path, old.published) == (new.canonical_path, new.published)


def test_outcomes_are_counted() -> None:
    assert Counter(one.outcome for one in expected_articles()) == {
        Outcome.PUBLISHED: 32,
        Outcome.SERVER_ERROR: 1,
        Outcome.NOT_FOUND: 1,
        Outcome.GONE: 1,
        Outcome.NO_TEXT: 1,
        Outcome.TOO_LARGE: 1,
    }

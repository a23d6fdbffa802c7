"""Pages with what must be read from them: the newsroom's, and small ones of every kind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warta_ingest.extraction import NoText, extract_page
from warta_local.newsroom import ExpectedArticle, Outcome, expected_articles, running_newsroom
from warta_shared.events.article import PublishedSource

URL = "https://kabar.example/ekonomi/beras"
PUBLISHED = [article for article in expected_articles() if article.outcome is Outcome.PUBLISHED]
PARAGRAPHS = "".join(
    f"<p>Pemerintah menaikkan cadangan beras menjadi {n} juta ton untuk menjaga harga di pasar induk.</p>"
    for n in range(1, 6)
)


def page(head: str = "", before: str = "", html: str = '<html lang="id">') -> bytes:
    body = f"<h1>Harga beras naik</h1>{before}<div>{PARAGRAPHS}</div>"
    return f"{html}<head>{head}</head><body>{body}</body></html>".encode()


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with running_newsroom() as url:
        yield url


@pytest.mark.parametrize("expected", PUBLISHED, ids=lambda article: article.slug)
def test_the_newsroom_s_pages(site: str, expected: ExpectedArticle) -> None:
    answer = httpx.get(site + expected.canonical_path)
    found = extract_page(answer.content, str(answer.url), answer.headers.get("content-type"), "ID")
    assert found.title == expected.title
    assert found.authors == expected.authors
    assert found.canonical_link == site + expected.canonical_path
    assert expected.contains in found.body
    assert [phrase for phrase in expected.excludes if phrase in found.body] == []
    if expected.published_source != "feed":
        assert (found.published_at, found.published_source) == (expected.published, expected.published_source)


def test_a_gallery_holds_no_text(site: str) -> None:
    answer = httpx.get(
        f"{site}/{next(a for a in expected_articles() if a.outcome is Outcome.NO_TEXT).canonical_path}"
    )
    with pytest.raises(NoText):
        extract_page(answer.content, str(answer.url), None, "ID")


@pytest.mark.parametrize(
    ("head", "before", "instant", "source"),
    [
        (
            '<script type="application/ld+json">[{"@graph":[{"@type":["NewsArticle"],"headline":"Harga beras naik",'
            '"datePublished":"2025-06-02T09:30:00+08:00",}]}]</script>',
            "",
            datetime(2025, 6, 2, 1, 30, tzinfo=UTC),
            PublishedSource.JSON_LD,
        ),
        (
            '<meta property="article:published_time" content="2025-06-02 09:30:00">',
            "",
            datetime(2025, 6, 2, 2, 30, tzinfo=UTC),
            PublishedSource.META,
        ),
        (
            '<meta name="pubdate" content="2025-06-02">',
            "<p>Senin, 2 Juni 2025 09:30 WITA</p>",
            datetime(2025, 6, 2, 1, 30, tzinfo=UTC),
            PublishedSource.TEXT,
        ),
        (
            "",
            '<time datetime="2025-06-02T09:30+07:00">',
            datetime(2025, 6, 2, 2, 30, tzinfo=UTC),
            PublishedSource.TIME,
        ),
        ("", "<p>Jakarta</p>", None, None),
    ],
)
def test_the_best_word_on_when_it_was_published(
    head: str, before: str, instant: datetime | None, source: PublishedSource | None
) -> None:
    found = extract_page(page(head, before), URL, "text/html; charset=utf-8", "ID")
    assert (found.published_at, found.published_source) == (instant, source)


def test_a_time_without_a_zone_is_utc_where_the_country_says_nothing() -> None:
    head = '<meta property="article:published_time" content="2025-06-02T09:30:00">'
    found = extract_page(page(head), URL, None, None)
    assert found.published_at == datetime(2025, 6, 2, 9, 30, tzinfo=UTC)


def test_links_are_absolute_and_only_to_the_web() -> None:
    head = '<link rel="canonical" href="/a"><meta property="og:image" content="javascript:alert(1)">'
    found = extract_page(page(head), URL)
    assert (found.canonical_link, found.image_url, found.language) == ("https://kabar.example/a", None, "id")


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=2_000),
    st.sampled_from(["", "<html>", "<script type='application/ld+json'>", "\xff\xfe"]),
)
def test_any_bytes_are_an_article_or_no_text(body: bytes, start: str) -> None:
    try:
        found = extract_page(start.encode("latin-1") + body, URL)
    except NoText:
        return
    assert found.body.strip()
    (found.title + found.body).encode()

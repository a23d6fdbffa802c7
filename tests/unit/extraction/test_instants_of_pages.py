"""When an article appeared and changed, and where that is said; further cases in test_extract_page."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from warta_ingest.extraction import ExtractedPage, extract_page
from warta_ingest.extraction.day import day_in_address
from warta_shared.events.article import PublishedSource

URL = "https://kabar.example/ekonomi/harga-beras"
TEXT = "".join(
    f"<p>Pedagang menjual beras medium Rp{n}.000 per kilogram sejak pekan lalu.</p>" for n in range(9)
)
MORNING = datetime(2025, 6, 2, 0, 30, tzinfo=UTC)  # 07:30 in Jakarta
JSON_LD, META, TIME, TEXT_SOURCE = (
    PublishedSource.JSON_LD, PublishedSource.META, PublishedSource.TIME, PublishedSource.TEXT
)  # fmt: skip


def page(head: str = "", byline: str = "", url: str = URL, country: str | None = "ID") -> ExtractedPage:
    html = f"<html><head>{head}</head><body><h1>Harga Beras Naik</h1>{byline}<div>{TEXT}</div></body></html>"
    return extract_page(html.encode(), url, "text/html; charset=utf-8", country)


def json_ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


@pytest.mark.parametrize(
    ("head", "byline", "source"),
    [
        (json_ld('{"@type":"NewsArticle","datePublished":"2025-06-02T07:30:00+07:00"}'), "", JSON_LD),
        (json_ld('{"@type":"NewsArticle","datePublished":"2025-06-02 07:30:00"}'), "", JSON_LD),
        (json_ld('{"@type":"NewsArticle","a":"\n"",,"datePublished":"2025-06-02T07:30:00+07:00"}'), "", JSON_LD),
        (json_ld('{"@graph":[{"@type":"WebPage","datePublished":"2025-06-02T00:30:00Z"}]}'), "", JSON_LD),
        (json_ld('{"@type":"NewsArticle","datePublished":"2025-06-02"}')
         + "<meta property='article:published_time' content='2025-06-02T07:30:00+07:00'>", "", META),
        ("<meta name='publishdate' content='2025/06/02 07:30:00'>", "", META),
        ("<meta name='content_PublishedDate' content='2025-06-02 07:30:00'>", "", META),
        ("", "<time datetime='2025-06-02T07:30:00+07:00'>kemarin</time>", TIME),
        ("", "<time>Senin, 2 Juni 2025 07:30 WIB</time>", TIME),
        ("", "<div>Senin, 02 Jun 2025 07:30 WIB</div>", TEXT_SOURCE),
        ("", "<div>Kabar - Senin, 2 Juni 2025 | 08:30 WITA</div>", TEXT_SOURCE),
        ("", "<div>2/6/2025, 07.30 WIB</div>", TEXT_SOURCE),
        ("", "<div>Sen 02.06.25 | 07:30 Uhr</div>", TEXT_SOURCE),
    ],
)  # fmt: skip
def test_an_instant(head: str, byline: str, source: PublishedSource) -> None:
    found = page(head, byline)
    assert (found.published_at, found.published_source, found.published_exact) == (MORNING, source, True)


@pytest.mark.parametrize(
    ("head", "byline", "url"),
    [
        ("<meta name='pubdate' content='2025-06-02'>", "", URL),
        ("", "<div>2 Juni 2025</div>", URL),
        ("", "", "https://kabar.example/read/2025/06/02/123/harga-beras"),
        ("", "<span class='date'>02.06.2025</span>", URL),
    ],
)
def test_a_day_alone(head: str, byline: str, url: str) -> None:
    found = page(head, byline, url)
    assert (found.published_at, found.published_exact) == (datetime(2025, 6, 1, 17, tzinfo=UTC), False)


def test_no_day_is_made_up() -> None:
    found = page("", "<div>Terjual 2.025 ton, 6 kali lipat</div>")
    assert (found.published_at, found.published_source) == (None, None)


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://kabar.example/read/2025/06/02/123/beras", "2025-06-02"),
        ("https://kabar.example/2025-06-02-beras", "2025-06-02"),
        ("https://kabar.example/nasional/20250602073000-12-1049873/beras", "2025-06-02"),
        ("https://kabar.example/read/2025/13/02/beras", None),
        ("https://kabar.example/read/2025/02/31/beras", None),
        ("https://kabar.example/d-20250602/beras", None),
        ("https://kabar.example/read/20250602/beras", "2025-06-02"),
    ],
)
def test_a_day_in_an_address(url: str, day: str | None) -> None:
    assert day_in_address(url) == day


def test_the_modification_has_its_own_instant() -> None:
    data = '{"@type":"NewsArticle","datePublished":"2025-06-02T07:30:00+07:00","dateModified":"2025-06-02T02:30:00Z"}'
    assert page(json_ld(data)).modified_at == datetime(2025, 6, 2, 2, 30, tzinfo=UTC)


def test_a_date_to_come_is_kept() -> None:
    head = "<meta property='article:published_time' content='2099-06-02T07:30:00+07:00'>"
    assert page(head).published_at == datetime(2099, 6, 2, 0, 30, tzinfo=UTC)


def test_the_outlet_s_country_gives_the_zone() -> None:
    head = "<meta property='article:published_time' content='2025-06-02T07:30:00'>"
    assert page(head, country="DE").published_at == datetime(2025, 6, 2, 5, 30, tzinfo=UTC)

"""Where a site says its feeds are, and how a feed that was given by its address alone is named."""

from __future__ import annotations

import pytest

from warta_ingest.feeds.discovery import linked_feeds, robots_sitemaps, usual_places
from warta_ingest.feeds.naming import feed_id, source_code

PAGE = """<html><head>
<link rel="alternate" type="application/rss+xml" href="/rss/ekonomi">
<link rel="ALTERNATE nofollow" type="application/atom+xml; charset=utf-8" href="https://cdn.example/atom">
<link rel="alternate" hreflang="en" href="/en"><link rel="stylesheet" href="/feed.css">
</head><body><a href="/feed/">RSS</a><a href="/tentang">Tentang</a><a href="javascript:feed()">x</a></body></html>"""


def test_a_page_names_its_feeds() -> None:
    assert linked_feeds(PAGE, "https://kabar.example/a/") == [
        "https://kabar.example/rss/ekonomi",
        "https://cdn.example/atom",
        "https://kabar.example/feed/",
    ]


@pytest.mark.parametrize("page", ["", "\x00", "{}", "<" * 1_000])
def test_what_is_no_page_names_none(page: str) -> None:
    assert linked_feeds(page, "https://kabar.example/") == []


def test_robots_names_sitemaps_and_those_of_news_come_first() -> None:
    robots = "User-agent: *\nDisallow: /x\nsitemap: /sitemap.xml\nSitemap: https://kabar.example/news.xml\n"
    assert robots_sitemaps(robots, "https://kabar.example/") == [
        "https://kabar.example/news.xml",
        "https://kabar.example/sitemap.xml",
    ]


def test_the_usual_places_are_those_of_the_site() -> None:
    assert "https://kabar.example:8443/feed.json" in usual_places("https://kabar.example:8443/a/b?c")


@pytest.mark.parametrize(
    ("url", "taken", "expected"),
    [
        ("https://www.kabar.example/rss.xml", (), "kabar.example"),
        ("https://kabar.example/rss/ekonomi", ("kabar.example",), "kabar.example-ekonomi"),
        ("https://kabar.example/rss", ("kabar.example",), "kabar.example-2"),
        ("http://[2001:db8::1]/feed", (), "2001-db8-1"),
    ],
)
def test_ids_come_from_the_host(url: str, taken: tuple[str, ...], expected: str) -> None:
    assert feed_id(url, taken) == expected


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://news.kabar.co.id/rss", "KABAR"),
        ("https://kabar.example/", "KABAR"),
        ("http://127.0.0.1:80/", "127.0.0.1"),
    ],
)
def test_source_codes_come_from_the_registered_name(url: str, code: str) -> None:
    assert source_code(url) == code

"""Sitemaps: of news, plain ones, indexes, gzip files and lists of URLs."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest

from warta_ingest.feeds.parsing import NotAFeed, parse_feed
from warta_ingest.feeds.parsing.unpacked import TooLarge, unpacked

URL = "https://kabar.example/sitemap.xml"
NEWS = """<?xml version="1.0"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
  xmlns:n="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
 <url><loc> https://kabar.example/ekonomi/cabai?a=1&amp;b=2 </loc><lastmod>2026-08-20T09:00:00+07:00</lastmod>
  <n:news><n:publication><n:name>Kabar</n:name><n:language>id</n:language></n:publication>
   <n:publication_date>2026-08-20 08:30</n:publication_date><n:title>Harga cabai &amp; beras</n:title>
   <n:keywords>Ekonomi, Pangan,,Ekonomi</n:keywords></n:news>
  <image:image><image:loc>/foto.jpg</image:loc></image:image></url>
 <url><loc>/politik/sidang</loc></url>
 <url><lastmod>2026-08-20</lastmod></url>
</urlset>"""


def test_a_news_sitemap_is_a_feed() -> None:
    feed = parse_feed(NEWS.encode(), URL, country="ID")
    first, second = feed.entries
    assert (feed.format, feed.language) == ("news-sitemap", "id")
    assert first.link == "https://kabar.example/ekonomi/cabai?a=1&b=2"
    assert first.title == "Harga cabai & beras"
    assert first.published == datetime(2026, 8, 20, 1, 30, tzinfo=UTC)
    assert first.updated == datetime(2026, 8, 20, 2, 0, tzinfo=UTC)
    assert first.categories == ("Ekonomi", "Pangan")
    assert first.image_url == "https://kabar.example/foto.jpg"
    assert second.link == "https://kabar.example/politik/sidang"


def test_an_index_names_its_sitemaps() -> None:
    index = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
      <sitemap><loc>https://kabar.example/a.xml</loc><lastmod>2026-08-20T00:00:00Z</lastmod></sitemap>
      <sitemap><loc>/b.xml.gz</loc></sitemap><sitemap/></sitemapindex>"""
    feed = parse_feed(index.encode(), URL)
    assert (feed.format, feed.entries) == ("sitemap-index", ())
    assert [(child.url, child.changed) for child in feed.children] == [
        ("https://kabar.example/a.xml", datetime(2026, 8, 20, tzinfo=UTC)),
        ("https://kabar.example/b.xml.gz", None),
    ]


def test_a_gzip_file_is_unpacked() -> None:
    assert parse_feed(gzip.compress(NEWS.encode()), URL).format == "news-sitemap"


def test_a_cut_gzip_file_gives_what_is_there() -> None:
    body = gzip.compress(NEWS.encode(), mtime=0)
    assert parse_feed(body[:-30], URL).entries[0].link == "https://kabar.example/ekonomi/cabai?a=1&b=2"


def test_a_bomb_is_refused_and_says_so() -> None:
    bomb = gzip.compress(b" " * 60_000_000)
    with pytest.raises(TooLarge):
        unpacked(bomb)
    with pytest.raises(NotAFeed) as refused:
        parse_feed(bomb, URL)
    assert refused.value.reason == "too-large"


def test_a_list_of_urls_is_a_sitemap() -> None:
    feed = parse_feed(b"\xef\xbb\xbfhttps://kabar.example/a\r\n\r\nhttps://kabar.example/b\n", URL)
    assert (feed.format, [entry.link for entry in feed.entries]) == (
        "sitemap", ["https://kabar.example/a", "https://kabar.example/b"],
    )  # fmt: skip


def test_prose_with_a_url_is_no_sitemap() -> None:
    with pytest.raises(NotAFeed):
        parse_feed(b"https://kabar.example/a\nsee there", URL)


def test_of_a_long_sitemap_the_newest_are_kept() -> None:
    urls = "".join(
        f"<url><loc>https://kabar.example/{n}</loc><lastmod>2026-01-01T00:{n // 60:02}:{n % 60:02}Z</lastmod></url>"
        for n in range(2_500)
    )
    feed = parse_feed(f"<urlset>{urls}</urlset>".encode(), URL)
    assert (len(feed.entries), feed.cut, feed.entries[0].link) == (2_000, True, "https://kabar.example/2499")


def test_a_truncated_sitemap_gives_what_is_there() -> None:
    feed = parse_feed(NEWS.encode()[:600], URL)
    assert (feed.damaged, feed.entries[0].link) == (True, "https://kabar.example/ekonomi/cabai?a=1&b=2")


def test_skipped_hours_and_days_are_read() -> None:
    rss = """<rss version="2.0"><channel><title>K</title>
      <skipHours><hour>0</hour><hour>24</hour><hour> 23 </hour><hour>x</hour><hour>99</hour></skipHours>
      <skipDays><day>Saturday</day><day>sunday</day><day>Someday</day></skipDays>
      <item><link>https://kabar.example/a</link></item></channel></rss>"""
    feed = parse_feed(rss.encode(), URL)
    assert (feed.skip_hours, feed.skip_days) == ({0, 23}, {5, 6})


def test_a_feed_that_skips_everything_is_not_believed() -> None:
    hours = "".join(f"<hour>{hour}</hour>" for hour in range(24))
    rss = f"<rss version='2.0'><channel><skipHours>{hours}</skipHours><item><title>a</title></item></channel></rss>"
    assert parse_feed(rss.encode(), URL).skip_hours == frozenset()


@pytest.mark.parametrize(("country", "hour"), [("ID", 5), ("GB", 11), (None, 12)])
def test_a_feeds_time_without_a_zone_is_that_of_its_country(country: str | None, hour: int) -> None:
    rss = (
        "<rss version='2.0'><channel><item><link>https://k.example/a</link>"
        "<pubDate>Mon, 02 Jun 2025 12:00:00</pubDate></item></channel></rss>"
    )
    (entry,) = parse_feed(rss.encode(), URL, country=country).entries
    assert entry.published == datetime(2025, 6, 2, hour, tzinfo=UTC)

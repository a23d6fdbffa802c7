"""Feeds as they are sent, with what they must give."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime

import feedparser
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from warta_ingest.feeds.parsing import NotAFeed, parse_feed
from warta_ingest.feeds.parsing.google import unwrapped, without_publisher
from warta_ingest.feeds.parsing.xml_reader import ENTRIES_MAX

URL = "https://kabar.example/feeds/all.xml"

RSS = """<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Kabar</title><ttl>15</ttl><language>id</language>
 <item><title>Harga &amp; beras</title><link>/ekonomi/beras</link><guid isPermaLink="false">17</guid>
 <pubDate>Mon, 02 Jun 2025 14:00:00 +0700</pubDate><dc:creator>Ratna</dc:creator><category>Ekonomi</category>
 <description>&lt;p&gt;Naik &lt;b&gt;lagi&lt;/b&gt;&lt;/p&gt;</description>
 <content:encoded><![CDATA[<p>Satu</p><p>Dua</p>]]></content:encoded>
 <enclosure url="https://kabar.example/beras.jpg" type="image/jpeg" length="1"/></item>
 <item><title>Tanpa tautan</title><guid>https://kabar.example/dua</guid></item></channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Post</title>
 <link rel="next" href="?page=2"/><entry><id>tag:1</id><title type="html">Rates &lt;i&gt;hold&lt;/i&gt;</title>
 <link rel="self" href="https://post.example/self"/><link rel="alternate" href="https://post.example/rates"/>
 <published>2025-06-02T07:00:00Z</published><updated>2025-06-02T09:30:00+07:00</updated>
 <author><name>Clara</name></author><category term="Policy"/>
 <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Held.</p></div></content>
 <source><title>Elsewhere</title><entry><title>not mine</title></entry></source></entry></feed>"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
 <channel><title>RDF</title><sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>
 </channel><item rdf:about="https://a.example/1"><title>One</title><link>https://a.example/1</link>
 <dc:date>2025-06-02T08:00:00+08:00</dc:date></item></rdf:RDF>"""

ALERTS = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Google Alert - UMKM</title><entry>
 <id>tag:google.com,2013:googlealerts/feed:1</id>
 <title type="html">Ministry widens &lt;b&gt;MSME&lt;/b&gt; credit - Harian Contoh</title>
 <link href="https://www.google.com/url?rct=j&amp;sa=t&amp;url=https://harian.example/umkm?id=7&amp;ct=ga&amp;usg=x"/>
 </entry></feed>"""


def test_rss_2_gives_everything_that_it_says() -> None:
    feed = parse_feed(RSS.encode(), URL, "application/rss+xml")
    first, second = feed.entries
    assert (feed.format, feed.title, feed.language, feed.ttl, feed.damaged) == (
        "rss-2.0",
        "Kabar",
        "id",
        900,
        False,
    )
    assert first.link == "https://kabar.example/ekonomi/beras"
    assert first.title == "Harga & beras"
    assert first.summary == "Naik lagi"
    assert first.content_html == "<p>Satu</p><p>Dua</p>"
    assert first.published == datetime(2025, 6, 2, 7, 0, tzinfo=UTC)
    assert (first.authors, first.categories) == (("Ratna",), ("Ekonomi",))
    assert first.image_url == "https://kabar.example/beras.jpg"
    assert second.link == "https://kabar.example/dua"


def test_atom_takes_the_alternate_link_and_not_the_quoted_entry() -> None:
    feed = parse_feed(ATOM.encode(), URL)
    (entry,) = feed.entries
    assert (feed.format, feed.language) == ("atom-1.0", "en")
    assert feed.next_url == "https://kabar.example/feeds/all.xml?page=2"
    assert (entry.link, entry.title) == ("https://post.example/rates", "Rates hold")
    assert entry.published == datetime(2025, 6, 2, 7, 0, tzinfo=UTC)
    assert entry.updated == datetime(2025, 6, 2, 2, 30, tzinfo=UTC)
    assert (entry.authors, entry.categories) == (("Clara",), ("Policy",))
    assert entry.content_html is not None
    assert "Held." in entry.content_html


def test_rdf_keeps_its_items_beside_the_channel() -> None:
    feed = parse_feed(RDF.encode(), URL)
    assert (feed.format, feed.ttl, len(feed.entries)) == ("rss-1.0", 1800, 1)
    assert feed.entries[0].published == datetime(2025, 6, 2, 0, 0, tzinfo=UTC)


def test_json_feed_1_0_and_1_1() -> None:
    item = {"id": "https://j.example/1", "title": "T", "content_text": "Body", "date_published": "2025-06-02T07:00:00Z",
            "authors": [{"name": "A"}], "tags": ["x"]}  # fmt: skip
    body = orjson.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": [item, "junk"]}
    )
    feed = parse_feed(b"\xef\xbb\xbf \n" + body, URL)
    (entry,) = feed.entries
    assert (feed.format, feed.damaged) == ("json-1", True)
    assert (entry.link, entry.summary, entry.authors, entry.categories) == (
        "https://j.example/1",
        "Body",
        ("A",),
        ("x",),
    )


def test_google_alerts_are_unwrapped_offline() -> None:
    feed = parse_feed(ALERTS.encode(), URL)
    (entry,) = feed.entries
    assert feed.format == "google-alerts"
    assert (entry.link, entry.title) == ("https://harian.example/umkm?id=7", "Ministry widens MSME credit")


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("https://www.google.com/url?q=https%3A%2F%2Fa.example%2Fx&sa=U", "https://a.example/x"),
        ("https://www.google.co.id/url?url=http://a.example/", "http://a.example/"),
        ("https://www.google.com/url?url=javascript:alert(1)", None),
        ("https://google.com.evil.example/url?url=https://a.example/", None),
        ("https://a.example/url?url=https://b.example/", None),
    ],
)
def test_only_google_s_own_redirects_are_unwrapped(link: str, target: str | None) -> None:
    assert unwrapped(link) == target


def test_a_short_title_keeps_its_dash() -> None:
    assert without_publisher("UU Pemilu - Kita") == "UU Pemilu - Kita"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("\n\n  \ufeff" + '<?xml version="1.0"?>' + RSS, None),
        ('<?xml version="1.0" encoding="utf-16"?>' + RSS, None),
        (
            RSS.replace("Harga &amp; beras", "Harga&nbsp;&rdquo;beras&#xD800;&#0;"),
            "text/xml; charset=us-ascii",
        ),
        ("<!DOCTYPE rss [<!ENTITY a 'b'>]>" + RSS, None),
        (RSS.replace("<title>Kabar</title>", "<title>Ka\x00bar\x1b</title>"), None),
    ],
)
def test_what_servers_do_to_feeds_costs_no_entry(body: str, content_type: str | None) -> None:
    feed = parse_feed(body.encode("utf-8", "surrogatepass"), URL, content_type)
    assert len(feed.entries) == 2
    assert feed.entries[0].link == "https://kabar.example/ekonomi/beras"


def test_windows_1252_without_a_word_about_it() -> None:
    feed = parse_feed(RSS.replace("Kabar", "Café – “Kabar”").encode("cp1252"), URL)
    assert feed.title == "Café – “Kabar”"


def test_a_truncated_feed_keeps_what_had_arrived() -> None:
    feed = parse_feed(RSS.encode()[: RSS.index("<item><title>Tanpa") + 30], URL)
    assert feed.damaged
    assert feed.entries[0].link == "https://kabar.example/ekonomi/beras"


def test_entries_are_capped() -> None:
    items = "".join(f"<item><link>https://a.example/{n}</link></item>" for n in range(ENTRIES_MAX + 5))
    feed = parse_feed(f"<rss><channel>{items}</channel></rss>".encode(), URL)
    assert (len(feed.entries), feed.cut) == (ENTRIES_MAX, True)


def test_entities_do_not_expand_and_files_are_not_read() -> None:
    laughs = "<!DOCTYPE r [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'><!ENTITY f SYSTEM 'file:///etc/passwd'>]>"
    feed = parse_feed((laughs + RSS.replace("Kabar", "x&b;&f;y")).encode(), URL)
    assert "aaaa" not in feed.title
    assert "root" not in feed.title


@pytest.mark.parametrize(
    "feed",
    [
        "<rss><channel><item><title>a</title><link>http://[</link></item><item><link>/b</link></item></channel></rss>",
        '<feed xml:base="http://[x"><entry xml:base="//["><link href="http://["/></entry>'
        '<entry><link href="/b"/></entry></feed>',
        '{"items":[{"url":"http://[","image":"//["},{"url":"/b"}],"next_url":"http://["}',
        "<rss><channel><item><link>http://[</link></item><item><link>/b</link></item><item><title>cut",
    ],
)
def test_a_link_that_is_none_costs_no_other_entry(feed: str) -> None:
    entries = parse_feed(feed.encode(), URL).entries
    assert [entry.link for entry in entries[:2]] == [None, "https://kabar.example/b"]


def test_links_are_relative_to_every_enclosing_base() -> None:
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://x.example/a/"><entry xml:base="b/">
     <link href="c"/></entry><entry><link xml:base="/d/" href="e"/></entry></feed>"""
    links = [entry.link for entry in parse_feed(body, URL).entries]
    assert links == ["https://x.example/a/b/c", "https://x.example/d/e"]


def test_the_publisher_s_own_link_and_each_name_once() -> None:
    body = b"""<rss xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0" xmlns:i="http://itunes"><channel>
     <item><link>https://feeds.example/~r/1</link><feedburner:origLink>https://x.example/1</feedburner:origLink>
     <author>red@x.example (Ratna)</author><i:author>Ratna</i:author><category>A</category><category>A</category>
     </item></channel></rss>"""
    (entry,) = parse_feed(body, URL).entries
    assert (entry.link, entry.authors, entry.categories) == ("https://x.example/1", ("Ratna",), ("A",))


def test_html_s_entities_never_become_markup() -> None:
    body = b"<rss><channel><title>1 &LT; 2 &AMP; &nope; &eacute;</title><item><title>x</title></item></channel></rss>"
    feed = parse_feed(body, URL)
    assert (feed.title, feed.damaged, len(feed.entries)) == ("1 < 2 & &nope; \u00e9", False, 1)


def test_a_bare_ampersand_in_a_link_is_kept() -> None:
    body = b"""<rss><channel><item><link>https://x.example/?a=1&b=2&c</link></item>
     <item><link><![CDATA[https://x.example/?a=1&b=2]]></link></item>
     <item><link>https://x.example/?a=1&amp;b=2</link><title>A &lt;!DOCTYPE html> in the text</title></item>
     </channel></rss>"""
    feed = parse_feed(body, URL)
    links = [entry.link for entry in feed.entries]
    same = "https://x.example/?a=1&b=2"
    assert (links, feed.damaged) == ([f"{same}&c", same, same], False)


def test_json_in_utf_16_and_with_half_a_surrogate_pair() -> None:
    text = '{"items":[{"id":"1","title":"a\\ud800b\\u0000","url":"/1"}]}'
    for body in (text.encode(), text.encode("utf-16")):
        (entry,) = parse_feed(body, URL).entries
        assert (entry.title, entry.link) == ("ab", "https://kabar.example/1")


def test_a_feed_that_would_stall_the_slow_reader_is_read_by_the_fast_one() -> None:
    attributes = " ".join(f'a{number}="x"' for number in range(30_000))
    body = f"<rss><channel {attributes}><item><link>/1</link></item><item><title>cut"
    started = time.process_time()
    feed = parse_feed(body.encode(), URL)
    assert (feed.entries[0].link, feed.damaged) == ("https://kabar.example/1", True)
    assert time.process_time() - started < 3


@pytest.mark.parametrize(("body", "reason"), [(b"", "empty"), (b"  \n", "empty"), (b"<html><p>hi", "not-a-feed"),
                                              (b"{}", "not-a-feed"), (b"/etc/passwd", "not-a-feed"),
                                              (b"http://127.0.0.1:1/", "not-a-feed")])  # fmt: skip
def test_what_is_no_feed_is_said_to_be_none(body: bytes, reason: str) -> None:
    with pytest.raises(NotAFeed) as refused:
        parse_feed(body, URL)
    assert refused.value.reason == reason


@given(
    st.binary(max_size=400),
    st.sampled_from(["", "<rss><channel><item>", "<feed><entry>", '{"items":[', "\xff\xfe"]),
)
def test_any_bytes_are_a_feed_or_said_to_be_none(body: bytes, start: str) -> None:
    try:
        feed = parse_feed(start.encode("latin-1") + body, URL)
    except NotAFeed:
        return
    for entry in feed.entries:
        assert "\x00" not in entry.title
        entry.title.encode()


def test_what_breaks_one_reader_of_damaged_feeds_keeps_what_the_other_has_found() -> None:
    """Two end tags in the wrong order make feedparser raise KeyError."""
    damaged = RSS.replace("</channel>", "<item><link>/tiga</item></link></channel>")
    with pytest.raises(KeyError):
        feedparser.parse(damaged)
    feed = parse_feed(damaged.encode(), URL, "application/rss+xml")
    assert "https://kabar.example/ekonomi/beras" in {entry.link for entry in feed.entries}


def test_links_hold_no_controls_and_no_halves_of_characters() -> None:
    """JSON can spell both: `\\u0000`, and `\\ud800` without its other half."""
    item = {"title": "T", "url": "https://kabar.example/a\x00b\ud800", "image": "/c\x7f.jpg"}
    (entry,) = parse_feed(json.dumps({"items": [item]}).encode(), URL).entries
    assert (entry.link, entry.image_url) == ("https://kabar.example/ab", "https://kabar.example/c.jpg")

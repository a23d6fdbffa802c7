"""Every feed is well-formed, holds what it declares, and links to pages that answer."""

import io
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import feedparser
import httpx
import pytest
import yaml
from lxml import etree

from warta_local.newsroom import expected_articles, feeds_yaml
from warta_local.newsroom.article import load_articles
from warta_local.newsroom.feeds import FEEDS, FeedFormat, FeedSpec

XML_FEEDS = [spec for spec in FEEDS if spec.format is not FeedFormat.JSON]
VERSIONS = {
    "kabar-rss": ("rss20", 10),
    "kabar-populer": ("rss10", 6),
    "post-atom": ("atom10", 10),
    "post-live": ("atom10", 1),
    "pesisir-rss": ("rss091u", 6),
    "galert-umkm": ("atom10", 5),
}
ALERT = next(spec for spec in FEEDS if spec.id == "galert-umkm")
JSON_FEED = next(spec for spec in FEEDS if spec.format is FeedFormat.JSON)
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"


def by_id(spec: FeedSpec) -> str:
    return spec.id


def parsed(answer: httpx.Response) -> Any:
    headers = {"content-type": answer.headers["content-type"]}
    return feedparser.parse(io.BytesIO(answer.content), response_headers=headers, sanitize_html=False)


def targets(entries: list[dict[str, Any]]) -> list[str]:
    return [parse_qs(urlsplit(entry["link"]).query)["url"][0] for entry in entries]


@pytest.mark.parametrize("spec", XML_FEEDS, ids=by_id)
def test_a_feed_parses_to_its_entries(shared_site: httpx.Client, spec: FeedSpec) -> None:
    answer = shared_site.get(spec.path)
    etree.fromstring(answer.content)
    feed = parsed(answer)
    assert not feed.bozo
    assert (feed.version, len(feed.entries)) == VERSIONS[spec.id]
    assert answer.headers["content-type"].split(";")[0] == spec.format.media_type
    if spec.format is not FeedFormat.GOOGLE_ALERTS:
        assert [entry.title for entry in feed.entries] == [
            load_articles()[link.slug].title for link in spec.links
        ]


@pytest.mark.parametrize("spec", XML_FEEDS, ids=by_id)
def test_entries_tell_the_articles_time_where_the_format_can(
    shared_site: httpx.Client, spec: FeedSpec
) -> None:
    feed = parsed(shared_site.get(spec.path))
    for link, entry in zip(spec.links, feed.entries, strict=True):
        published = load_articles()[link.slug].published
        told = entry.get("published_parsed") or entry.get("updated_parsed")
        if spec.format is FeedFormat.RSS_091 or published is None:
            assert told is None
        else:
            assert told == published.utctimetuple()


def test_the_json_feed_holds_whole_articles(shared_site: httpx.Client) -> None:
    document = shared_site.get(JSON_FEED.path).json()
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    assert len(document["items"]) == len(JSON_FEED.links) == 6
    for link, item in zip(JSON_FEED.links, document["items"], strict=True):
        article = load_articles()[link.slug]
        assert item["title"] == article.title
        assert item["authors"] == [{"name": name} for name in article.authors]
        assert item["date_published"] == (article.published and article.published.isoformat())
        assert article.contains in item["content_html"]


def test_the_old_feed_is_latin_1_as_it_says(shared_site: httpx.Client) -> None:
    body = shared_site.get("/feeds/pesisir/rss091.xml").content
    assert body.startswith(b"<?xml version='1.0' encoding='iso-8859-1'?>")
    assert b"&#8216;Jlamprang&#8217;" in body


def test_links_are_those_that_are_expected(shared_site: httpx.Client) -> None:
    """All links of all feeds, the alert's unwrapped, are the links of `expected_articles`."""
    linked: set[str] = set()
    for spec in FEEDS:
        answer = shared_site.get(spec.path)
        if spec.format is FeedFormat.JSON:
            linked |= {item["url"] for item in answer.json()["items"]}
        elif spec is ALERT:
            linked |= set(targets(parsed(answer).entries))
        else:
            linked |= {entry.link for entry in parsed(answer).entries}
    base = str(shared_site.base_url).rstrip("/")
    assert linked == {base + link for one in expected_articles() for link in one.links}


def test_an_article_that_two_feeds_share_has_a_tracked_link_in_one() -> None:
    shared = {one.slug: one.links for one in expected_articles() if len(one.feeds) > 1}
    assert {"bi-rate-tetap", "ihsg-rekor", "budget-2027", "bi-rate-hold"} <= {
        slug for slug, links in shared.items() if any("utm_" in link for link in links) and len(links) == 2
    }
    only_tracked = [one for one in expected_articles() if all("utm_" in link for link in one.links)]
    assert [one.slug for one in only_tracked] == ["neraca-dagang"]


def test_the_alerts_links_and_ids_change_at_each_fetch_but_not_their_targets(
    shared_site: httpx.Client,
) -> None:
    first, second = (parsed(shared_site.get(ALERT.path)).entries for _ in range(2))
    for key in ("id", "link"):
        assert {entry[key] for entry in first}.isdisjoint({entry[key] for entry in second})
    assert targets(first) == targets(second)
    assert len(set(targets(first))) == 5


def test_the_alert_looks_like_googles(shared_site: httpx.Client) -> None:
    answer = shared_site.get(ALERT.path)
    first = parsed(answer).entries[0]
    assert first.link.startswith("https://www.google.com/url?rct=j&sa=t&url=http://127.0.0.1:")
    assert {"ct", "cd", "usg"} <= parse_qs(urlsplit(first.link).query).keys()
    assert first.title_detail.type == "text/html"
    assert "<b>UMKM</b>" in first.title
    assert first.title.endswith(" - Kabar Nusantara")
    assert b'<title type="html">' in answer.content


def test_the_live_feed_is_another_one_whenever_the_clock_moved(shared_site: httpx.Client) -> None:
    entry = parsed(shared_site.get("/feeds/post/live.xml")).entries[0]
    assert entry.updated == "2026-11-25T03:00:00Z"
    assert entry.published == "2026-11-21T22:10:00Z"


def test_the_sitemap_lists_every_dated_article_by_its_canonical_link(shared_site: httpx.Client) -> None:
    root = etree.fromstring(shared_site.get("/sitemap.xml").content)
    ns = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    listed = {url.findtext(f"{ns}loc"): url for url in root}
    base = str(shared_site.base_url).rstrip("/")
    dated = [one for one in expected_articles() if one.contains and one.published]
    assert set(listed) == {base + one.canonical_path for one in dated}
    for one in dated:
        news = listed[base + one.canonical_path].find(f"{NEWS}news")
        assert news is not None
        assert news.findtext(f"{NEWS}title") == one.title
        assert news.findtext(f"{NEWS}publication/{NEWS}language") == one.language


def test_robots_txt_names_the_sitemap_and_leaves_pages_open(shared_site: httpx.Client) -> None:
    lines = shared_site.get("/robots.txt").text.splitlines()
    assert f"Sitemap: {str(shared_site.base_url).rstrip('/')}/sitemap.xml" in lines
    closed = [line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow: ")]
    links = [link for one in expected_articles() for link in one.links] + [spec.path for spec in FEEDS]
    assert not [link for link in links if link.startswith(tuple(closed))]


@pytest.mark.parametrize("fetched", [lambda site: site.get("/newsroom/feeds.yaml").text, None])
def test_the_feeds_file_names_every_feed(
    shared_site: httpx.Client, fetched: Callable[[httpx.Client], str] | None
) -> None:
    text = fetched(shared_site) if fetched else feeds_yaml(str(shared_site.base_url))
    feeds = yaml.safe_load(text)["feeds"]
    assert [feed["id"] for feed in feeds] == [spec.id for spec in FEEDS]
    assert {feed["source"] for feed in feeds} == {"KABAR", "ABPOST", "PESISIR", "GALERT"}
    assert all(shared_site.get(feed["url"]).status_code == 200 for feed in feeds)
    assert all(feed["interval"] == {"min": 5, "max": 60} for feed in feeds)


def test_the_feeds_file_maps_every_section_of_its_outlets() -> None:
    feeds = {feed["id"]: feed for feed in yaml.safe_load(feeds_yaml("http://x"))["feeds"]}
    for spec in FEEDS:
        if spec.outlet:
            sections = {load_articles()[link.slug].section for link in spec.links}
            assert sections <= feeds[spec.id]["sections"].keys()
    assert 'Ketenagakerjaan: "09000000"' in feeds_yaml("http://x")
    codes = {code for feed in feeds.values() for code in feed.get("sections", {}).values()}
    assert all(isinstance(code, str) and len(code) == 8 for code in codes)


def test_the_interval_can_be_chosen() -> None:
    feeds = yaml.safe_load(feeds_yaml("http://x/", (1, 2)))["feeds"]
    assert feeds[0]["interval"] == {"min": 1, "max": 2}
    assert json.dumps(feeds).count("http://x/feeds/") == len(FEEDS)

"""Every page answers as its article declares, with the text inside and the noise around it."""

import json
import re
from datetime import datetime
from html import unescape
from typing import Any

import httpx
import pytest
import trafilatura

from warta_local.newsroom import ExpectedArticle, Outcome, expected_articles
from warta_local.newsroom.article import PageStyle, load_articles

EXPECTED = {one.slug: one for one in expected_articles()}
PUBLISHED = [one for one in EXPECTED.values() if one.outcome is Outcome.PUBLISHED]
META_TIME = re.compile(r'<meta property="article:published_time" content="([^"]+)">')
STATUS = {Outcome.SERVER_ERROR: 500, Outcome.NOT_FOUND: 404, Outcome.GONE: 410}
PAGE_CAP = 3_000_000


def by_slug(one: ExpectedArticle) -> str:
    return one.slug


def absolute(site: httpx.Client, path: str) -> str:
    return str(site.base_url).rstrip("/") + path


def json_ld(html: str) -> dict[str, Any] | None:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html)
    if found is None:
        return None
    document = json.loads(found[1])
    nodes: list[dict[str, Any]] = document.get("@graph", [document])
    return next(node for node in nodes if node["@type"] == "NewsArticle")


@pytest.mark.parametrize("one", EXPECTED.values(), ids=by_slug)
def test_every_link_answers_as_declared(shared_site: httpx.Client, one: ExpectedArticle) -> None:
    for link in one.links:
        assert shared_site.get(link).status_code == STATUS.get(one.outcome, 200)


@pytest.mark.parametrize("one", PUBLISHED, ids=by_slug)
def test_a_page_holds_the_article_and_the_noise(shared_site: httpx.Client, one: ExpectedArticle) -> None:
    html = shared_site.get(one.canonical_path).text
    text = unescape(html)
    assert f'<link rel="canonical" href="{absolute(shared_site, one.canonical_path)}">' in html
    assert one.contains in text
    assert f"<h1>{one.title}</h1>" in text or f'<h1 class="judul">{one.title}</h1>' in text
    assert [phrase for phrase in one.excludes if phrase not in text] == []
    assert [name for name in one.authors if f">{name}</a>" not in text] == []
    assert "$" not in re.sub(r"US\$ ?", "", text), "a template field was left unfilled"


@pytest.mark.parametrize("one", PUBLISHED, ids=by_slug)
def test_the_text_can_be_extracted(shared_site: httpx.Client, one: ExpectedArticle) -> None:
    """What a good extractor leaves is the article plus lines that a line filter can drop."""
    html = shared_site.get(one.canonical_path).text
    extracted = trafilatura.extract(html, include_comments=False) or ""
    paragraphs = load_articles()[one.slug].paragraphs
    assert [paragraph for paragraph in paragraphs if paragraph not in extracted] == []
    noise = len(extracted.split()) - sum(len(paragraph.split()) for paragraph in paragraphs)
    assert noise < 50
    others = [other.contains for other in PUBLISHED if other.slug != one.slug and not other.near_copy_of]
    assert one.near_copy_of or [phrase for phrase in others if phrase in extracted] == []


@pytest.mark.parametrize("one", PUBLISHED, ids=by_slug)
def test_the_date_stands_where_it_is_declared(shared_site: httpx.Client, one: ExpectedArticle) -> None:
    html = shared_site.get(one.canonical_path).text
    story, meta = json_ld(html), META_TIME.search(html)
    time = re.search(r'<time datetime="([^"]+)">', html)
    declared = {"json-ld": story, "meta": meta, "time-element": time}
    assert {name for name, found in declared.items() if found} == {one.published_source} & declared.keys()
    told = str(story["datePublished"]) if story else (meta or time or [None, None])[1]
    if told and one.published:
        instant = datetime.fromisoformat(told)
        if load_articles()[one.slug].page is PageStyle.META_NAIVE:
            assert instant.tzinfo is None
            instant = datetime.fromisoformat(f"{told}+07:00")
        assert instant == one.published


def test_every_way_to_tell_a_date_occurs() -> None:
    assert {one.published_source for one in PUBLISHED} == {
        "json-ld", "meta", "time-element", "page-text", None,
    }  # fmt: skip
    styles = {load_articles()[one.slug].page for one in PUBLISHED}
    assert styles == set(PageStyle)


def test_the_dateline_alone_tells_one_date(shared_site: httpx.Client) -> None:
    html = shared_site.get(EXPECTED["solar-nelayan"].canonical_path).text
    assert html.count("2026") == 1
    assert "Selasa, 17 November 2026 07:30 WIB" in html


def test_one_article_tells_no_date_and_no_author(shared_site: httpx.Client) -> None:
    one = EXPECTED["pasar-johar"]
    html = shared_site.get(one.canonical_path).text
    assert (one.published, one.authors) == (None, ())
    assert re.findall(r"\b(?:19|20)\d\d\b", html) == []


def test_one_page_is_windows_1252_and_only_the_header_says_so(shared_site: httpx.Client) -> None:
    answer = shared_site.get(EXPECTED["batik-pekalongan"].canonical_path)
    assert answer.headers["content-type"] == "text/html; charset=windows-1252"
    assert b"charset" not in answer.content
    assert b"\x93Jlamprang\x94" in answer.content
    assert b"caf\xe9 di Den Haag \x96" in answer.content
    with pytest.raises(UnicodeDecodeError):
        answer.content.decode("utf-8")


def test_the_amp_variant_points_to_the_page_and_back(shared_site: httpx.Client) -> None:
    one = EXPECTED["makassar-port"]
    (link,) = one.links
    assert link == "/post/amp/makassar-port"
    amp, page = shared_site.get(link).text, shared_site.get(one.canonical_path).text
    assert f'<link rel="canonical" href="{absolute(shared_site, one.canonical_path)}">' in amp
    assert f'<link rel="amphtml" href="{absolute(shared_site, link)}">' in page
    assert one.contains in amp


def test_the_trivial_flip_changes_at_every_fetch_and_nothing_else_does(site: httpx.Client) -> None:
    path = EXPECTED["volcano-lewotobi"].canonical_path
    pages = [site.get(path).text for _ in range(3)]
    assert len(set(pages)) == 3
    assert '<p class="updated">Updated 10 minutes ago</p>' in pages[1]
    assert len({re.sub(r"Updated \d+ minutes ago", "", page) for page in pages}) == 1


@pytest.mark.parametrize("slug", sorted(set(EXPECTED) - {"volcano-lewotobi"}))
def test_no_other_page_changes_by_itself(shared_site: httpx.Client, slug: str) -> None:
    first, second = (shared_site.get(EXPECTED[slug].canonical_path) for _ in range(2))
    assert first.content == second.content


def test_the_oversized_page_is_cheap_to_send_and_too_large_to_take(shared_site: httpx.Client) -> None:
    with shared_site.stream("GET", EXPECTED["harvest-data-dump"].canonical_path) as answer:
        received = sum(map(len, answer.iter_raw()))
    whole = shared_site.get(EXPECTED["harvest-data-dump"].canonical_path).content
    assert received < 100_000
    assert PAGE_CAP < len(whole) < 2 * PAGE_CAP
    assert whole.index(b"<article>") > PAGE_CAP


def test_the_gallery_has_no_text(shared_site: httpx.Client) -> None:
    one = EXPECTED["foto-sedekah-laut"]
    html = shared_site.get(one.canonical_path).text
    assert (trafilatura.extract(html) or "") in ("", one.title)


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere/",
        "/kabar/ekonomi/nothing",
        "/kabar/politik/kur-umkm",
        "/post/ekonomi/kur-umkm",
        "/kabar/amp/kur-umkm",
        "/feeds/none.xml",
    ],
)
def test_other_paths_are_not_found(shared_site: httpx.Client, path: str) -> None:
    assert shared_site.get(path).status_code == 404


@pytest.mark.parametrize(("path", "listed"), [("/", 37), ("/kabar/", 14), ("/post/", 17), ("/pesisir/", 6)])
def test_indexes_list_articles_and_feeds(shared_site: httpx.Client, path: str, listed: int) -> None:
    html = shared_site.get(path).text
    assert html.count("<li>") == listed
    assert 'rel="alternate"' in html


def test_pictures_exist(shared_site: httpx.Client) -> None:
    picture = shared_site.get("/img/kur-umkm.png")
    assert picture.content.startswith(b"\x89PNG")


def test_the_report_counts_what_a_client_did(site: httpx.Client) -> None:
    site.get("/feeds/kabar/rss.xml")
    tag = site.get("/feeds/kabar/rss.xml").headers["etag"]
    site.get("/feeds/kabar/rss.xml", headers={"If-None-Match": tag})
    site.get(EXPECTED["data-inflasi-gagal"].canonical_path)
    report = site.get("/newsroom/report").json()
    assert report["polls"] == {"kabar-rss": 3}
    assert report["edited"] == []
    assert report["answers"]["/feeds/kabar/rss.xml"] == {"200": 2, "304": 1}
    assert report["answers"]["/kabar/ekonomi/data-inflasi-gagal"] == {"500": 1}

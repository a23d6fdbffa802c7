"""One spelling for each address, one id for each article."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warta_ingest.sameness import (
    BadUrlError,
    article_id,
    canonical_url,
    choose_canonical,
    external_article_id,
)
from warta_ingest.sameness.canonical import registrable_site

SPELLINGS = [
    ("HTTP://News.Example.COM:80/a/../b/?b=2&a=1#top", "http://news.example.com/b/?a=1&b=2"),
    ("https://x.example", "https://x.example/"),
    ("https://x.example:443/", "https://x.example/"),
    ("https://x.example:8443/", "https://x.example:8443/"),
    ("https://x.example./a", "https://x.example/a"),
    ("https://user:pw@x.example/a", "https://x.example/a"),
    ("https://x.example/a?utm_source=rss&UTM_Medium=x&fbclid=1&gclid=2&id=7&page=2", "https://x.example/a?id=7&page=2"),
    ("https://x.example/a?utm_source=rss", "https://x.example/a"),
    ("https://x.example/a?", "https://x.example/a"),
    ("https://x.example/a?page=all&single=1", "https://x.example/a?page=all&single=1"),
    ("https://x.example/a;jsessionid=AB12?x=1", "https://x.example/a?x=1"),
    ("  https://x.example/a b\n", "https://x.example/a%20b"),
    ("https://x.exam\nple/a", "https://x.example/a"),
    ("https://x.example/%7euser/%c3%a9", "https://x.example/~user/%C3%A9"),
    ("https://münchen.example/ä", "https://xn--mnchen-3ya.example/%C3%A4"),
    ("http://[::1]:80/a", "http://[::1]/a"),
    ("http://127.0.0.1:8080/a", "http://127.0.0.1:8080/a"),
    ("https://amp.x.example/a", "https://amp.x.example/a"),
    ("https://m.x.example/A/B", "https://m.x.example/A/B"),
]  # fmt: skip


@pytest.mark.parametrize(("url", "spelled"), SPELLINGS)
def test_spelling(url: str, spelled: str) -> None:
    assert canonical_url(url) == spelled
    assert canonical_url(spelled) == spelled


@pytest.mark.parametrize(
    "url",
    ["", "x", "ftp://x.example/a", "javascript:alert(1)", "//x.example/a", "http:///a", "http://x.example:99999/",
     "http://[::1", "http://a..b/", "http://x.example\\@evil.example/", "http://" + "a" * 64 + ".example/",
     "https://x.example/" + "a" * 2_048, "http://-/", "mailto:a@b.example", "http://x.example:port/"],
)  # fmt: skip
def test_no_address_of_an_article(url: str) -> None:
    with pytest.raises(BadUrlError):
        canonical_url(url)


@given(st.text(max_size=80).map(lambda tail: f"http://{tail}") | st.text(max_size=80))
def test_any_text_is_an_address_for_ever_or_refused(url: str) -> None:
    try:
        spelled = canonical_url(url)
    except BadUrlError:
        return
    assert canonical_url(spelled) == spelled


def test_the_page_names_its_own_address_within_its_site() -> None:
    page = "https://m.detik.com/news/d-1?single=1"
    assert choose_canonical(page, "https://news.detik.com/d-1") == "https://news.detik.com/d-1"
    assert (
        choose_canonical("https://www.bbc.co.uk/amp/x", "/news/x?utm_source=y")
        == "https://www.bbc.co.uk/news/x"
    )
    assert choose_canonical("http://127.0.0.1:8000/amp", "/a") == "http://127.0.0.1:8000/a"


@pytest.mark.parametrize(
    "claimed",
    ["https://other.example/a", "https://detik.com.evil.example/", "https://news.detik.com/", "javascript:1", "",
     "http://[", None, "ftp://news.detik.com/a", "https://co.id/a"],
)  # fmt: skip
def test_a_foreign_or_useless_claim_is_not_believed(claimed: str | None) -> None:
    assert choose_canonical("https://news.detik.com/d-1", claimed) == "https://news.detik.com/d-1"


def test_sites_follow_the_public_suffix_list() -> None:
    assert registrable_site("https://news.kompas.co.id/x") == "kompas.co.id"
    assert registrable_site("https://a.blogspot.com/") != registrable_site("https://b.blogspot.com/")
    assert registrable_site("http://127.0.0.1:1/") != registrable_site("http://127.0.0.1:2/")
    assert registrable_site("http://newsroom/") == "newsroom:80"


def test_ids_are_for_ever() -> None:
    assert article_id("https://x.example/a?id=1") == "43wpa2i4ej2t3sr3usxkjf3eci"
    assert external_article_id("GALERT", "77") == "uti4rpjlwytv3g6tkva2mzw6cm"


def test_http_and_a_last_slash_are_the_same_article() -> None:
    assert article_id("http://x.example/a/") == article_id("https://x.example/a")
    assert article_id("http://x.example/") == article_id("https://x.example/")
    assert len({article_id(f"https://x.example/{path}") for path in ("a", "A", "a?x=1", "b")}) == 4


def test_an_external_id_cannot_name_a_url_or_another_source() -> None:
    url = "https://x.example/a"
    ids = {
        article_id(url),
        external_article_id("A", url),
        external_article_id("B", url),
        external_article_id("A", ""),
    }
    assert len(ids) == 4

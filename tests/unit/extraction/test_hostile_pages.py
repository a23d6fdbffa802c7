"""Pages made to break or stall their reader end as a text or as NoText, soon."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warta_ingest.extraction import ExtractedPage, NoText, extract_page
from warta_ingest.extraction.tree import ATTRIBUTES_MAX, ELEMENTS_MAX

URL = "https://kabar.example/ekonomi/harga-beras"
TEXT = "".join(
    f"<p>Pemerintah menaikkan cadangan beras menjadi {n} juta ton untuk menjaga harga di pasar induk.</p>"
    for n in range(5)
)


def outcome(html: str, url: str = URL) -> ExtractedPage | None:
    """The page, or None for NoText; any other exception fails the test."""
    try:
        page = extract_page(html.encode("utf-8", "surrogatepass"), url, None, "ID")
    except NoText:
        return None
    for text in (page.title, page.body, page.summary or "", *page.authors, *page.sections):
        text.encode()  # no lone surrogate
        assert "\x00" not in text
    return page


def json_ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 200_000,
        "<b>" * 100_000 + "kata " * 100,
        "<table><tr><td>" * 30_000 + TEXT,
        "<ul><li>" * 50_000,
        "<br>" * (ELEMENTS_MAX + 1) + TEXT,
        "<!--" * 10_000,
        "<frameset><frame src=x></frameset>",
        "&#0;" * 1_000,
        "\x00" * 1_000,
        "",
    ],
    ids=lambda html: html[:12] or "empty",
)
def test_pages_without_a_text(html: str) -> None:
    assert outcome(html) is None


@pytest.mark.parametrize(
    "hostile",
    [
        "<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">",
        "<p " + "a " * 100_000 + ">",
        "<div class='" + "related-" * 20_000 + "'>",
        "<div class='" + "-" * 50_000 + "'></div>",
        "<svg>" + "<g>" * 100 + "</svg>",
        "<time datetime='" + "12 " * 50_000 + "'></time>",
        "<h1></h1>" * 10_000,
        "<title>" + "a - " * 50_000 + "</title>",
        "<a rel='author'>" + "dan " * 50_000 + "</a>",
        "<meta name='author' content='" + "A B, " * 50_000 + "'>",
        "".join(f"<a href='?page={n}'>{n}</a> " for n in range(5_000)),
        "<link rel='canonical' href='http://[bad'>",
        "<!DOCTYPE html [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><p>&a;</p>",
        "<p>&#xD800;&#x110000;&#xFFFE;&#0;\ud800</p>",
        "<!--x-->" * 20_000 + "<?x y?>" * 20_000,
        json_ld("[" * 100_000),
        json_ld('{"a":' * 20_000 + "1" + "}" * 20_000),
        json_ld('{"@type":"NewsArticle",' + '"datePublished":"' * 20_000),
        json_ld('{"@type":"NewsArticle","author":{"name":"\\udfff Ratna Dewi"},"headline":"a\\ud800b"}'),
        json_ld('{"@type":"NewsArticle","datePublished":"2025-01-01T00:00:00+99:99","headline":[1,{}]}'),
        json_ld(
            '{"@type":["NewsArticle",7],"author":[[["x"]],{"name":{"a":1}},7,null],"image":[{"url":[1]}]}'
        ),
        json_ld('{"@type":"NewsArticle","articleBody":["x"],"articleSection":{"a":2},"dateModified":[1]}'),
        json_ld('{"@type":"NewsArticle","datePublished":99999999999999999999}'),
        json_ld('{"@graph":{"@id":"#a"},"@type":"NewsArticle","author":{"@id":"#a"}}'),
    ],
    ids=lambda hostile: hostile[:60],
)
def test_hostile_markup_costs_the_article_nothing(hostile: str) -> None:
    page = outcome(f"<html><head></head><body>{hostile}{TEXT}</body></html>")
    assert page is not None
    assert "menjadi 3 juta ton" in page.body


def test_lines_made_for_slow_patterns() -> None:
    lines = (
        "Baca juga " + "a " * 80,
        "simak " + "di channel " * 40,
        "follow A " * 60,
        "halaman" + " 1" * 200 + "x",
    )
    page = outcome("".join(f"<p>{line}</p>" for line in lines * 500) + TEXT)
    assert page is not None


def test_a_tag_keeps_a_reasonable_number_of_attributes() -> None:
    some = " ".join(f"data-a{n}='{'x' * 100}'" for n in range(ATTRIBUTES_MAX - 100))
    page = outcome(f"<a rel='author' {some}>Ratna Dewi</a>{TEXT}")
    assert page is not None
    assert page.authors == ("Ratna Dewi",)


@settings(max_examples=80, deadline=None)
@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text(max_size=30)
        | st.just("NewsArticle"),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "@type",
                        "@id",
                        "@graph",
                        "headline",
                        "author",
                        "name",
                        "datePublished",
                        "articleBody",
                        "image",
                        "url",
                    ]
                ),
                inner,
                max_size=5,
            )
        ),
        max_leaves=12,
    )
)
def test_any_json_ld(data: object) -> None:
    assert outcome(json_ld(json.dumps(data).replace("</", "<\\/")) + TEXT) is not None


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<div class='related'>", "</div>", "<article>", "</article>", "<table><tr><td>", "<h1>",
             "<br>", "<ruby>", "<rt>", "<noscript>", "<template>", "<li>", "</ul>", "<a href='?page=2'>", "<time>",
             "<aside>", "</html>", "<body>", "<!-- ", "-->", "<![CDATA[", "Jakarta ", "kata " * 12, "\x00",
             "&#xD800;", "<svg><p>", "<form hidden>"]
        ),
        max_size=60,
    )
)  # fmt: skip
def test_any_order_of_tags(pieces: list[str]) -> None:
    outcome("".join(pieces))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_address(url: str) -> None:
    assert outcome(f"<a href='?page=2'>2</a>{TEXT}", url) is not None


def test_a_title_that_is_a_page_without_a_body_is_a_title() -> None:
    """lxml has no body for it, and says so with an AssertionError."""
    html = f"<html><head><title>&lt;html&gt;&lt;head&gt;&lt;title&gt;Harga</title></head><body>{TEXT}</body></html>"
    page = outcome(html)
    assert page is not None
    assert page.title == "Harga"

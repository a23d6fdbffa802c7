"""Which paragraphs of a page are its article."""

from __future__ import annotations

import json

import pytest

from warta_ingest.extraction import NoText, extract_page

URL = "https://kabar.example/ekonomi/harga-beras"
TITLE = "Harga Beras Naik di Pasar Induk"
LINES = tuple(
    f"Pedagang di pasar {place} menjual beras medium Rp{price}.000 per kilogram, naik sejak pekan lalu."
    for place, price in (("Cipinang", 14), ("Johar", 15), ("Turi", 13), ("Klewer", 16), ("Gede", 17))
)
OTHER = (
    "Gubernur meresmikan jembatan baru di kabupaten lain yang tidak ada hubungannya dengan beras sama sekali."
)


def paragraphs(*lines: str) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def page(article: str, around: str = "", head: str = "") -> str:
    meta = f"<title>{TITLE}</title><meta property='og:title' content='{TITLE}'>{head}"
    return f"<html><head>{meta}</head><body><main><h1>{TITLE}</h1>{article}</main>{around}</body></html>"


def body_of(html: str) -> list[str]:
    return extract_page(html.encode(), URL, "text/html; charset=utf-8", "ID").body.split("\n")


@pytest.mark.parametrize(
    "furniture",
    [
        f"<aside><p>{OTHER}</p></aside>",
        f"<div class='related-articles'><p>{OTHER}</p></div>",
        f"<div class='article__newsletter-box'><p>{OTHER}</p></div>",
        f"<div id='bacajuga'><p>{OTHER}</p></div>",
        f"<div style='display: none'><p>{OTHER}</p></div>",
        f"<section class='kbrModal -hide'><p>{OTHER}</p></section>",
        f"<div hidden><p>{OTHER}</p></div>",
        f"<div aria-hidden='true'><p>{OTHER}</p></div>",
        f"<figure><img src='a.jpg'><figcaption>{OTHER}</figcaption></figure>",
        f"<noscript><p>{OTHER}</p></noscript><template><p>{OTHER}</p></template>",
        f"<p><a href='/lain'>{OTHER}</a></p>",
        f"<ul><li><a href='/lain'>{OTHER}</a></li></ul>",
        "<p>Baca juga: <a href='/lain'>Jembatan Baru</a></p><p>ADVERTISEMENT</p><p>[Gambas:Video 20detik]</p>",
    ],
)
def test_what_stands_between_paragraphs_goes(furniture: str) -> None:
    article = paragraphs(*LINES[:3]) + furniture + paragraphs(*LINES[3:])
    assert body_of(page(f"<div class='detail'>{article}</div>")) == list(LINES)


@pytest.mark.parametrize(
    "wrapped",
    [
        '<div class="sidebar-grid">{}</div>',
        '<article class="post tag-iklan category-promo">{}</article>',
        '<form id="aspnetForm">{}</form>',
        '<div class="paywall">{}</div>',
        '<div class="content related">{}</div>',
        "<table><tr><td>{}</td></tr></table>",
    ],
)
def test_an_article_inside_of_what_looks_like_furniture_stays(wrapped: str) -> None:
    assert body_of(page(wrapped.format(paragraphs(*LINES)))) == list(LINES)


def test_subheadings_lists_and_quotes_belong_to_the_text() -> None:
    article = (
        f"<div class='detail'>{paragraphs(LINES[0])}<h2>Penyebab</h2>{paragraphs(LINES[1])}"
        f"<ul><li>Panen mundur</li><li>Ongkos angkut</li></ul><blockquote>{LINES[2]}</blockquote>"
        f"{paragraphs(*LINES[3:])}<h3>Berita Lain</h3></div>"
    )
    assert body_of(page(article)) == [
        LINES[0], "Penyebab", LINES[1], "Panen mundur", "Ongkos angkut", LINES[2], *LINES[3:]
    ]  # fmt: skip


def test_a_row_of_a_table_is_a_line() -> None:
    rows = "<table><tr><th>Pasar</th><th>Harga</th></tr><tr><td>Johar</td><td>15.000</td></tr></table>"
    body = body_of(page(f"<div>{paragraphs(*LINES[:3])}{rows}{paragraphs(*LINES[3:])}</div>"))
    assert body == [*LINES[:3], "Pasar Harga", "Johar 15.000", *LINES[3:]]


def test_lines_parted_by_breaks_are_paragraphs() -> None:
    assert body_of(page("<div class='detail'>" + "<br><br>".join(LINES) + "</div>")) == list(LINES)


def test_a_first_paragraph_above_the_picture_stays() -> None:
    lead = "Harga beras medium naik di lima pasar induk sejak pekan lalu karena panen yang mundur."
    head = f"<meta name='description' content='{lead}'>"
    article = (
        f"<header><p class='standfirst'>{lead}</p></header><div class='detail'>{paragraphs(*LINES)}</div>"
    )
    assert body_of(page(article, head=head)) == [lead, *LINES]


def test_the_title_is_not_part_of_the_text() -> None:
    assert body_of(page(f"<div><h2>{TITLE}</h2>{paragraphs(*LINES)}</div>")) == list(LINES)


def test_links_inside_a_sentence_stay() -> None:
    linked = LINES[1].replace("beras medium", "<a href='/tag/beras'>beras <b>medium</b></a>")
    assert body_of(page(f"<div>{paragraphs(LINES[0], linked, *LINES[2:])}</div>")) == list(LINES)


def test_a_text_that_json_ld_tells_and_the_page_hides() -> None:
    told = json.dumps({"@type": "NewsArticle", "headline": TITLE, "articleBody": "\n".join(LINES)})
    head = f'<script type="application/ld+json">{told}</script>'
    assert body_of(page(paragraphs(LINES[0]), head=head)) == list(LINES)
    flat = json.dumps({"@type": "NewsArticle", "headline": TITLE, "articleBody": " ".join(LINES)})
    shown = page(
        f"<div>{paragraphs(*LINES)}</div>", head=f'<script type="application/ld+json">{flat}</script>'
    )
    assert body_of(shown) == list(LINES)


def test_a_page_of_links_has_no_text() -> None:
    links = "".join(f"<li><a href='/{n}'>{line}</a></li>" for n, line in enumerate(LINES * 3))
    with pytest.raises(NoText, match="words"):
        body_of(page(f"<ul>{links}</ul>"))


def test_a_short_first_sentence_stays_and_a_dateline_goes() -> None:
    article = f"<p class='d'>2 Juni 2025</p><div>{paragraphs('Harga beras naik lagi.', *LINES)}</div>"
    assert body_of(page(article)) == ["Harga beras naik lagi.", *LINES]

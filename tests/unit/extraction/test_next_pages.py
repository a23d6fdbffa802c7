"""Which links of a page lead to the rest of its article."""

from __future__ import annotations

import lxml.html
import pytest

from warta_ingest.extraction.next_pages import PAGES_MAX, next_pages

OWN = "https://kabar.example/ekonomi/read/123/harga-beras"


def pages_of(*hrefs: str, url: str = OWN, head: str = "") -> tuple[str, ...]:
    links = "".join(f'<li><a href="{href}">link</a></li>' for href in hrefs)
    tree = lxml.html.document_fromstring(f"<html><head>{head}</head><body><ul>{links}</ul></body></html>")
    return next_pages(tree, url)


@pytest.mark.parametrize(
    ("hrefs", "expected"),
    [
        ((f"{OWN}?page=3", "?page=2", f"{OWN}?page=1#top"), (f"{OWN}?page=2", f"{OWN}?page=3")),
        (("?page=2", "?page=all"), (f"{OWN}?page=all",)),
        (("?page=2&s=paging_new",), (f"{OWN}?page=2&s=paging_new",)),
        (("?page=2&utm_source=x", f"{OWN}/?page=3"), (f"{OWN}?page=2", f"{OWN}/?page=3")),
        (("?single=1", "?halaman=2"), (f"{OWN}?single=1",)),
        ((f"{OWN}/2", f"{OWN}/3/"), (f"{OWN}/2", f"{OWN}/3/")),
        ((f"{OWN}/page/2/",), (f"{OWN}/page/2/",)),
        # Other articles, lists, comments, other hosts and other things with a number.
        (("https://kabar.example/ekonomi/read/124/harga-gula?page=2",), ()),
        (("https://lain.example/ekonomi/read/123/harga-beras?page=2",), ()),
        (("/ekonomi?page=2", "/?page=2", f"{OWN}-naik-lagi/2", f"{OWN}/2025"), ()),
        (("?page=2#comments", f"{OWN}/comment-page-2/", "?page=2&id=7", "?sort=2"), ()),
        (("javascript:void(0)?page=2", "//[bad?page=2", "#page=2", "?page=one", "?page=123456"), ()),
    ],
)
def test_links_to_the_rest_of_the_article(hrefs: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert pages_of(*hrefs) == expected


def test_a_page_named_by_a_query_is_told_from_its_neighbour() -> None:
    url = "https://kabar.example/read.php?id=5"
    assert pages_of("?id=6&page=2", "?page=2", "?id=5&page=2", url=url) == (f"{url}&page=2",)


def test_rel_next_may_name_a_file() -> None:
    url = "https://kabar.example/berita/beras.html"
    head = '<link rel="next" href="/berita/beras-2.html">'
    assert pages_of("/berita/beras-3.html", url=url, head=head) == (
        "https://kabar.example/berita/beras-2.html",
    )
    assert pages_of(url=url, head='<link rel="next" href="/berita/gula-2.html">') == ()


def test_the_page_itself_is_not_among_them() -> None:
    assert pages_of("?page=1", "?page=2", "?page=3", url=f"{OWN}?page=2") == (
        f"{OWN}?page=1",
        f"{OWN}?page=3",
    )
    assert pages_of("?page=1", "?page=2", url=f"{OWN}?page=all") == ()


def test_a_home_page_has_no_other_pages() -> None:
    assert pages_of("/?page=2", "/2", url="https://kabar.example/") == ()


def test_there_is_a_cap() -> None:
    assert len(pages_of(*(f"?page={number}" for number in range(2, 99)))) == PAGES_MAX

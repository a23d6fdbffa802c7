"""Bylines into names."""

from __future__ import annotations

import pytest

from warta_ingest.extraction import extract_page
from warta_ingest.extraction.authors import first_people, person_names

TEXT = "".join(
    f"<p>Pedagang menjual beras medium Rp{n}.000 per kilogram sejak pekan lalu.</p>" for n in range(9)
)


def authors_of(head: str, byline: str, foot: str = "") -> tuple[str, ...]:
    body = f"<h1>Harga Beras Naik</h1>{byline}<div>{TEXT}{foot}</div>"
    html = f"<html><head>{head}</head><body>{body}</body></html>"
    return extract_page(html.encode(), "https://kabar.example/a/b").authors


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("Ratna Dewi", ["Ratna Dewi"]),
        ("Oleh: Ratna Dewi dan Budi Santoso", ["Ratna Dewi", "Budi Santoso"]),
        ("By Ratna Dewi and Budi Santoso", ["Ratna Dewi", "Budi Santoso"]),
        ("Ratna Dewi, Budi Santoso", ["Ratna Dewi", "Budi Santoso"]),
        ("Ratna Dewi; Budi Santoso | Sri Utami", ["Ratna Dewi", "Budi Santoso", "Sri Utami"]),
        ("Budi Santoso, S.E.", ["Budi Santoso, S.E."]),
        ("Ratna Dewi (JKT)", ["Ratna Dewi"]),
        ("Ratna Dewi (Kontributor Semarang)", ["Ratna Dewi"]),
        ("Laporan Wartawan Ratna Dewi", ["Ratna Dewi"]),
        ("Penulis: Ratna Dewi", ["Ratna Dewi"]),
        ("Reporter Ratna Dewi", ["Ratna Dewi"]),
        ("Ratna Dewi, Jurnalis", ["Ratna Dewi"]),
        ("Ratna Dewi - detikFinance", ["Ratna Dewi"]),
        ("신현주 기자", ["신현주"]),
        ("Ratna Dewi Ratna Dewi", ["Ratna Dewi"]),
        ("Ratna Dewi\nRATNA DEWI", ["Ratna Dewi RATNA DEWI"]),
        ("https://kabar.example/penulis/7", []),
        ("ratna@kabar.example", []),
        ("105092", []),
        ("Foto: Ratna Dewi", []),
        ("\ud800 Ratna\x00 Dewi", ["Ratna Dewi"]),
        ("Suparjo", ["Suparjo"]),
    ],
)
def test_names_of_a_byline(byline: str, names: list[str]) -> None:
    assert person_names([byline]) == names


def test_a_name_written_in_two_ways_is_one() -> None:
    assert person_names(["Ratna Dewi", "RATNA DEWI", "Budi"]) == ["Ratna Dewi", "Budi"]


@pytest.mark.parametrize(
    "desk", ["Redaksi", "Tim Redaksi", "Tim Kabar", "Editor", "Kabar", "kabar.com", "Newsroom"]
)
def test_a_desk_is_an_author_only_where_nobody_is_named(desk: str) -> None:
    assert person_names([desk], ["Kabar"]) == [desk]
    assert person_names([desk, "Ratna Dewi"], ["Kabar"]) == ["Ratna Dewi"]


@pytest.mark.parametrize(
    ("places", "names"),
    [
        ([["Ratna Dewi"], ["Budi Santoso"]], ["Ratna Dewi"]),
        ([["Kabar"], ["Budi Santoso"]], ["Budi Santoso"]),
        ([["Kabar"], ["rds"]], ["Kabar"]),
        ([["Kabar"], [], []], ["Kabar"]),
        ([[], ["Suparjo"]], ["Suparjo"]),
        ([[], []], []),
    ],
)
def test_the_first_place_that_names_a_person(places: list[list[str]], names: list[str]) -> None:
    assert first_people(places, ["Kabar"]) == names


@pytest.mark.parametrize(
    "byline",
    [
        "<a rel='author' href='/p/7'>Ratna Dewi</a>",
        "<span itemprop='author'>Ratna Dewi</span>",
        "<p>Oleh <a href='/penulis/ratna'>Ratna Dewi</a></p>",
        "<div class='read__author'>Ratna Dewi</div>",
    ],
)
def test_what_readers_see(byline: str) -> None:
    text = "".join(
        f"<p>Pedagang menjual beras medium Rp{n}.000 per kilogram sejak pekan lalu.</p>" for n in range(9)
    )
    html = f"<html><body><h1>Harga Beras Naik</h1>{byline}<div>{text}</div></body></html>"
    assert extract_page(html.encode(), "https://kabar.example/a/b").authors == ("Ratna Dewi",)


@pytest.mark.parametrize(
    ("head", "foot"),
    [
        ("<meta name='content_editor' content='Budi Santoso'>", ""),
        ("", "<p>Editor : <a href='/p/9'>Budi Santoso</a></p>"),
    ],
)
def test_the_editor_is_not_the_author(head: str, foot: str) -> None:
    """Some outlets name the editor in JSON-LD."""
    told = '{"@type":"NewsArticle","headline":"Harga Beras Naik","author":{"name":"Budi Santoso"}}'
    head = f'{head}<script type="application/ld+json">{told}</script>'
    assert authors_of(head, "<div class='author-2'>Ratna Dewi</div>", foot) == ("Ratna Dewi",)
    assert authors_of(head, "", foot) == ("Budi Santoso",)

"""What hostile articles can do to a terminal: nothing."""

from __future__ import annotations

import io

import orjson
import pytest
from rich.console import Console

from warta_index.cli.rendering import as_json_text, marked_text, print_facets, print_hits
from warta_index.search import Found, Hit

ARTICLE = {
    "id": "a" * 26,
    "url": "https://berita.example/1",
    "title": "Harga naik",
    "first_seen_at": "2025-06-02T00:00:00.000Z",
    "language": "id",
    "status": "usable",
    "source": {"id": "BERITA"},
}


def shown(found: Found) -> str:
    out = io.StringIO()
    console = Console(file=out, width=100, force_terminal=False)
    print_hits(console, found)
    print_facets(console, found)
    return out.getvalue()


def found(**changes: object) -> Found:
    marked = {"title": ("\ue000Harga\ue001 naik",), "body": ("para \ue000pedagang\ue001 di pasar",)}
    return Found(
        total=1, hits=(Hit(ARTICLE | changes, marked),), milliseconds=3, facets={"topics": (("economy", 7),)}
    )


def test_a_hit_shows_title_source_time_fragment_and_address() -> None:
    assert [line.rstrip() for line in shown(found()).splitlines()] == [
        "Harga naik",
        "BERITA | 2025-06-02T00:00:00.000Z | id",
        "  para pedagang di pasar",
        "https://berita.example/1",
        "",
        "1 article found in 3 ms, 1 shown",
        "topics",
        "7  economy",
    ]


def test_a_status_other_than_usable_is_shown() -> None:
    assert "| withdrawn" in shown(found(status="withdrawn"))


def test_an_article_without_address_is_named_by_its_id() -> None:
    assert "a" * 26 in shown(found(url=None))


def test_nothing_found_says_so() -> None:
    assert shown(Found(total=0, hits=())) == "no article found\n"


def test_matches_are_in_colour() -> None:
    text = marked_text("di \ue000pasar\ue001 ini")
    assert text.plain == "di pasar ini"
    assert [(span.start, span.end, str(span.style)) for span in text.spans] == [(3, 8, "bold yellow")]


@pytest.mark.parametrize(
    "hostile",
    ["\x1b[2J", "\x1b]0;title\x07", "\x9b31m", "\r\nfake", "\u202etxet", "\u2066", "[bold]x[/bold]", "[/]"],
)
def test_text_of_articles_cannot_command_the_terminal(hostile: str) -> None:
    out = shown(Found(total=1, hits=(Hit(ARTICLE | {"title": f"a{hostile}b"}, {"body": (hostile,)}),)))
    assert not any(character in out for character in "\x1b\x07\x9b\r\u202e\u2066")
    assert out.splitlines()[0].startswith("a")
    assert out.splitlines()[0].endswith("b")


def test_json_holds_the_same_with_marks() -> None:
    content = orjson.loads(as_json_text(found()))
    assert content["total"] == 1
    assert content["hits"][0]["highlights"]["title"] == ["<mark>Harga</mark> naik"]
    assert content["hits"][0]["article"]["id"] == "a" * 26
    assert content["facets"] == {"topics": [{"value": "economy", "count": 7}]}

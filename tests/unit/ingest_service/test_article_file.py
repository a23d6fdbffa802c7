"""Articles in files: JSON, NDJSON, and the page of a reader's site as text."""

from __future__ import annotations

import io
from typing import Any

import orjson
import pytest

from warta_ingest.cli.article_file import UnreadableFile, read_articles, text_article

PAGE = """Indonesian Political, Business & Finance News

Ministry Drafts Plan for Small Firms

| Source: GALERT
The ministry opened a consultation in Surabaya.

"It runs until July," the minister said.
View JSON | Print
"""


def read(content: bytes, name: str) -> list[Any]:
    return list(read_articles(io.BytesIO(content), name))


def test_a_json_file_holds_one_article_or_a_list() -> None:
    assert read(b'{"a": 1}', "one.json") == [{"a": 1}]
    assert read(b'\xef\xbb\xbf[{"a": 1}, {"a": 2}]', "many.JSON") == [{"a": 1}, {"a": 2}]


def test_an_ndjson_file_is_read_line_by_line() -> None:
    lines = io.BytesIO(b'\xef\xbb\xbf{"a": 1}\r\n\n{"a": 2}\n{broken\n{"a": 3}')
    articles = read_articles(lines, "feed.ndjson")
    assert next(articles) == {"a": 1}
    assert next(articles) == {"a": 2}
    with pytest.raises(UnreadableFile, match="line 4 is not JSON"):
        next(articles)


@pytest.mark.parametrize("name", ["feed.jsonl", "stdin.ndjson"])
def test_both_endings_mean_ndjson(name: str) -> None:
    assert read(b"{}\n{}\n", name) == [{}, {}]


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[1,]"])
def test_what_is_no_json_is_unreadable(content: bytes) -> None:
    with pytest.raises(UnreadableFile, match="not JSON"):
        read(content, "one.json")


def test_the_text_of_a_readers_page_is_an_article_without_its_frame() -> None:
    assert text_article(PAGE.encode()) == {
        "title": "Ministry Drafts Plan for Small Firms",
        "body": 'The ministry opened a consultation in Surabaya.\n"It runs until July," the minister said.',
        "source": "GALERT",
    }
    assert read(PAGE.encode(), "page.txt") == read(PAGE.replace("\n", "\r\n").encode("utf-8-sig"), "page")


def test_text_without_a_source_line_begins_with_its_headline() -> None:
    assert text_article(b"\n Headline \n\nFirst.\nSecond.\n") == {
        "title": "Headline",
        "body": "First.\nSecond.",
    }


def test_a_source_line_far_down_belongs_to_the_article() -> None:
    text = "Headline\n" + "Paragraph.\n" * 8 + "| Source: REUTERS\n"
    article = text_article(text.encode())
    assert "source" not in article
    assert article["body"].endswith("| Source: REUTERS")


def test_a_source_without_the_bar_belongs_to_the_article() -> None:
    assert text_article(b"Headline\nFirst.\nSource: Reuters")["body"] == "First.\nSource: Reuters"


@pytest.mark.parametrize(
    "content", [b"", b"Headline only", b"| Source: GALERT\n", b"A\n| Source: GALERT\n", b"\xff\xfe"]
)
def test_what_has_no_headline_or_no_body_is_unreadable(content: bytes) -> None:
    with pytest.raises(UnreadableFile):
        text_article(content)


def test_white_space_without_end_is_read_at_once() -> None:
    assert text_article(b"Headline\nBody.\n" + b" \n" * 500_000)["body"] == "Body."


def test_numbers_and_lists_go_on_to_the_api_which_refuses_them() -> None:
    assert read(orjson.dumps([5, None, {"title": "x"}]), "odd.json") == [5, None, {"title": "x"}]

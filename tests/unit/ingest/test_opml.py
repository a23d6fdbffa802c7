"""OPML: what other readers write comes in, what we write comes back whole."""

from __future__ import annotations

import pytest

from drafts import feed
from warta_ingest.feeds.opml import NotOpml, read_opml, write_opml

READER = b"""<?xml version="1.0" encoding="UTF-8"?>
<opml version="1.0"><head><title>Subscriptions</title></head><body>
  <outline text="Ekonomi &amp; Bisnis">
    <outline text="Kabar" title="Kabar Nusantara" type="rss" xmlUrl="https://www.kabar.example/rss" language="id-ID"/>
    <outline text="Dalam"><outline text="Pesisir" xmlUrl="https://pesisir.example/feed/"/></outline>
  </outline>
  <outline text="Broken" xmlUrl="ftp://kabar.example/rss"/>
  <outline text="Again" xmlUrl="https://pesisir.example/feed/"/>
  <outline text="no feed"/>
</body></opml>"""


def test_folders_become_tags_and_ids_come_from_hosts() -> None:
    first, second = read_opml(READER).feeds
    assert (first.id, first.source, first.name, first.language, first.tags) == (
        "kabar.example", "KABAR", "Kabar Nusantara", "id", ("Ekonomi-Bisnis",),
    )  # fmt: skip
    assert (second.id, second.tags) == ("pesisir.example", ("Ekonomi-Bisnis", "Dalam"))


def test_each_refused_outline_has_its_line_and_reason() -> None:
    assert [(one.line, one.url, one.reason.split(":")[0]) for one in read_opml(READER).refused] == [
        (7, "ftp://kabar.example/rss", "url"),
        (8, "https://pesisir.example/feed/", "stands in the file twice"),
    ]


def test_an_id_that_is_taken_is_not_given_again() -> None:
    first, _ = read_opml(READER, {"kabar.example"}).feeds
    assert first.id == "kabar.example-2"


def test_what_is_exported_comes_back_whole_but_for_secret_headers() -> None:
    one = feed(
        name='Kabar "Ekonomi" <&>', language="id", tags=["a", "b"], sections={"Politik": "11000000"},
        interval={"min": 60, "max": 600}, full_text="feed", enabled=False, headers={"X-Key": "secret-4711"},
    )  # fmt: skip
    document = write_opml([one])
    assert b"secret-4711" not in document
    assert read_opml(document).feeds == (one.model_copy(update={"headers": {}}),)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is not XML"),
        (b"<rss/>", "has no <opml>"),
        (b"<opml/>", "has no <opml>"),
        (b'<!DOCTYPE o [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><opml><body>&b;&nope', "is not XML"),
    ],
)
def test_what_is_no_opml_is_refused_with_a_reason(content: bytes, problem: str) -> None:
    with pytest.raises(NotOpml, match=problem):
        read_opml(content)


def test_entities_are_not_expanded() -> None:
    document = (
        b'<!DOCTYPE o [<!ENTITY x SYSTEM "file:///etc/passwd">]><opml><body>'
        b'<outline text="a" xmlUrl="https://a.example/rss"/><outline>&x;</outline></body></opml>'
    )
    assert [one.url for one in read_opml(document).feeds] == ["https://a.example/rss"]


def test_deep_nesting_ends() -> None:
    deep = b"<outline text='x'>" * 200 + b"<outline xmlUrl='https://a.example/'/>" + b"</outline>" * 200
    assert read_opml(b"<opml><body>" + deep + b"</body></opml>").feeds == ()

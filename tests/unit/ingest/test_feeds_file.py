"""The feeds file: what it may say, and how it says what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from warta_ingest.feeds import Feed, FeedsFileError, Interval, load_feeds

GOOD = """\
feeds:
  - id: kabar-rss
    url: http://127.0.0.1:8000/feeds/rss.xml
    name: Kabar Nusantara
    source: KABAR
    country: ID
    language: id
    sections: {Ekonomi: 04000000, "Politik & Hukum": "11000000"}
    interval: {min: 60, max: 3600}
    enabled: false
  - {id: nrk, url: "https://nrk.example/feed", source: NRK, country: NO, language: no, interval: }
"""


def load(folder: Path, text: str) -> tuple[Feed, ...]:
    path = folder / "feeds.yaml"
    path.write_text(text, encoding="utf-8")
    return load_feeds(path)


def problems(folder: Path, text: str) -> list[str]:
    with pytest.raises(FeedsFileError) as caught:
        load(folder, text)
    return [str(problem) for problem in caught.value.problems]


def test_a_good_file(tmp_path: Path) -> None:
    assert load(tmp_path, GOOD) == (
        Feed(
            id="kabar-rss",
            url="http://127.0.0.1:8000/feeds/rss.xml",
            name="Kabar Nusantara",
            source="KABAR",
            country="ID",
            language="id",
            sections={"Ekonomi": "04000000", "Politik & Hukum": "11000000"},
            interval=Interval(min=60, max=3600),
            enabled=False,
        ),
        Feed(id="nrk", url="https://nrk.example/feed", source="NRK", country="NO", language="no"),
    )


def test_sections_are_found_whatever_their_capitals(tmp_path: Path) -> None:
    feed = load(tmp_path, GOOD)[0]
    assert (feed.topic_of(" EKONOMI "), feed.topic_of("olahraga")) == ("04000000", None)


def test_no_feeds_is_a_good_file(tmp_path: Path) -> None:
    assert load(tmp_path, "feeds:\n") == load(tmp_path, "feeds: []\n") == ()


def test_every_mistake_has_its_line_and_field(tmp_path: Path) -> None:
    text = (
        GOOD
        + """\
  - id: kabar-rss
    url: ftp://x.example/
    source: NO WAY
    country: Indonesia
    sections: {Ekonomi: 4}
    interval: {min: 9, max: 3}
    enabled: perhaps
    colour: red
    colour: blue
  - id: two
    url: https://nrk.example/feed
  - just text
  - id: three
    source: X
    url: https://user:secret@x.example/
fedes: 1
"""
    )
    assert problems(tmp_path, text) == [
        "line 13: feeds[2].url: must be an http:// or https:// URL without spaces (it is 'ftp://x.example/')",
        "line 14: feeds[2].source: must be letters, digits, dot, dash, underscore or colon, without spaces "
        "(it is 'NO WAY')",
        "line 15: feeds[2].country: must be two capital letters (ISO 3166), as ID (it is 'Indonesia')",
        "line 16: feeds[2].sections.Ekonomi: must be the eight digits of an IPTC Media Topic (it is '4')",
        "line 17: feeds[2].interval: min (9 s) is above max (3 s)",
        "line 18: feeds[2].enabled: Input should be a valid boolean, unable to interpret input (it is 'perhaps')",
        "line 19: feeds[2].colour: is no field of a feed",
        "line 20: feeds[2].colour: is given twice",
        "line 21: feeds[3].source: is missing",
        "line 23: feeds[4]: is not a feed but 'just text'",
        "line 26: feeds[5].url: holds a user or password; those do not belong in a URL",
        "line 27: fedes: is not known here; only `feeds` is",
    ]


def test_ids_and_urls_are_not_repeated(tmp_path: Path) -> None:
    twice = "  - {id: nrk, url: 'https://nrk.example/feed', source: X}\n"
    assert problems(tmp_path, GOOD + twice) == [
        "line 12: feeds[2].id: 'nrk' is already that of line 11",
        "line 12: feeds[2].url: 'https://nrk.example/feed' is already that of line 11",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [("", "expected `feeds:` followed by a list"),
     ("- a", "expected `feeds:` followed by a list"),
     ("feeds: {a: 1}", "line 1: feeds: is not a list"),
     ("feeds: [", "line 1: is not YAML: expected the node content, but found '<stream end>'"),
     ("feeds:\n\t- a", "line 2: is not YAML: found character '\\t' that cannot start any token"),
     ("feeds: \x00", "is not YAML: unacceptable character #x0000: special characters are not allowed")],
)  # fmt: skip
def test_what_is_no_feeds_file(tmp_path: Path, text: str, problem: str) -> None:
    assert problems(tmp_path, text) == [problem]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FeedsFileError, match="cannot be read: No such file or directory"):
        load_feeds(tmp_path / "none.yaml")


def test_a_document_that_contains_itself_ends(tmp_path: Path) -> None:
    assert problems(tmp_path, "feeds: &all\n  - *all\n")

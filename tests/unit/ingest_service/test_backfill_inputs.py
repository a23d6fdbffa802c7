"""What a backfill reads: every item of every form once, what is none with its reason, hostile files within bounds."""

from __future__ import annotations

import gzip
from pathlib import Path

import orjson
import pytest

from warta_ingest.archive.page_archive import warc_record
from warta_ingest.backfill.inputs import Form, Input, form_of
from warta_ingest.backfill.item import Address, Article, Copy, Damaged, Item, Refused
from warta_ingest.backfill.origin import Origins, feeds_by_site
from warta_ingest.extraction import stated_address
from warta_ingest.feeds import Feed
from warta_ingest.fetcher import Fetched
from warta_shared.events.article import Source

CAP = 100_000


def read(path: Path, content: bytes | None = None, form: Form | None = None, site: str = "") -> list[Item]:
    if content is not None:
        path.write_bytes(content)
    known = form or form_of(path)
    assert known
    given = Input(path, known, site, CAP)
    given.identify()
    return list(given.items())


def contents(items: list[Item]) -> list[object]:
    return [item.content.reason if isinstance(item.content, Refused) else item.content for item in items]


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.jsonl", Form.JSONL),
        ("a.NDJSON.gz", Form.JSONL),
        ("a.csv", Form.CSV),
        ("urls.txt", Form.URLS),
        ("warta-1.warc.gz", Form.WARC),
        ("warta-1.warc.gz.open", Form.WARC),
        ("a.json", None),
        ("a", None),
    ],
)
def test_the_name_tells_the_form(tmp_path: Path, name: str, form: Form | None) -> None:
    assert form_of(tmp_path / name) is form
    assert form_of(tmp_path) is Form.HTML


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_json_lines(tmp_path: Path, *, packed: bool) -> None:
    lines = b'\xef\xbb\xbf{"title":"A"}\n\n  {"title":"B"}\r\nnot json\n[1]\n\xff\xfe\n{"title":"last"}'
    items = read(tmp_path / "a.jsonl", gzip.compress(lines) if packed else lines)
    assert contents(items) == [
        Article({"title": "A"}), Article({"title": "B"}), "not-json", Article([1]), "not-json",
        Article({"title": "last"}),
    ]  # fmt: skip
    assert [item.name for item in items] == ["line 1", "line 3", "line 4", "line 5", "line 6", "line 7"]


def test_a_line_longer_than_any_article_is_refused_and_the_next_is_read(tmp_path: Path) -> None:
    items = read(tmp_path / "a.jsonl", b'{"title":"' + b"x" * 40_000_000 + b'"}\n{"title":"B"}\n')
    assert contents(items) == ["too-large", Article({"title": "B"})]


def test_urls(tmp_path: Path) -> None:
    items = read(
        tmp_path / "a.txt", b"# list\nhttps://a.example/1\n\n https://a.example/2 \n\xff\n" + b"x" * 9_000
    )
    assert contents(items) == [
        Address("https://a.example/1"), Address("https://a.example/2"), "not-utf-8", "bad-url",
    ]  # fmt: skip


def test_tables(tmp_path: Path) -> None:
    table = (
        b"\xef\xbb\xbfurl;Title;body;authors;published_at\r\n"
        b'https://a.example/1;"Harga; naik";"Baris satu\nBaris dua";Siti; Budi ;2025-06-02\r\n'
        b'https://a.example/2;B;"body";"Siti; Budi";\r\n'
        b"https://a.example/3;\xff;body;;\r\n"
        b"\r\n"
    )
    items = read(tmp_path / "a.csv", table)
    assert contents(items) == [
        "not-csv",
        Article({"url": "https://a.example/2", "title": "B", "body": "body", "authors": ["Siti", "Budi"]}),
        "not-utf-8",
    ]
    assert [item.name for item in items] == ["line 3", "line 4", "line 5"]


@pytest.mark.parametrize("head", [b"", b"url,title\n", b"title,body,colour\n", b"\x00\x01\n"])
def test_a_table_without_its_head_is_damaged(tmp_path: Path, head: bytes) -> None:
    with pytest.raises(Damaged, match="first line"):
        read(tmp_path / "a.csv", head + b"a,b,c\n")


def fetched(url: str, body: bytes, content_type: str = "text/html; charset=utf-8") -> Fetched:
    return Fetched(url, url, (), 200, {"content-type": content_type}, body)


def archived(*urls: str) -> bytes:
    source = Source(id="KABAR", feed="ekonomi", country="ID")
    return b"".join(warc_record(fetched(url, f"<p>{url}</p>".encode()), source) for url in urls)


def test_an_archive_of_ours_is_read_as_it_was_written(tmp_path: Path) -> None:
    items = read(tmp_path / "a.warc.gz", archived("https://a.example/1", "https://a.example/2"))
    assert contents(items) == [
        Copy(url, f"<p>{url}</p>".encode(), "text/html; charset=utf-8", "KABAR", "ekonomi", "ID")
        for url in ("https://a.example/1", "https://a.example/2")
    ]


def record(http: bytes, url: str = "https://a.example/1", kind: bytes = b"response") -> bytes:
    """As other programs write it, uncompressed."""
    return (
        b"WARC/1.0\r\nWARC-Type: " + kind + b"\r\nWARC-Target-URI: <" + url.encode() + b">\r\n"
        b"WARC-Date: 2025-06-02T05:00:00Z\r\nWARC-Record-ID: <urn:uuid:12b4fb1b-7f7d-4b68-94b2-67f1d46fceeb>\r\n"
        b"Content-Type: application/http; msgtype=response\r\n"
        b"Content-Length: " + str(len(http)).encode() + b"\r\n\r\n" + http + b"\r\n\r\n"
    )  # fmt: skip


def answer(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode() + body


HTML = "Content-Type: text/html"


def test_archives_of_others(tmp_path: Path) -> None:
    packed = gzip.compress(b"<p>packed</p>")
    chunked = b"5\r\n<p>ch\r\n9\r\nunked</p>\r\n0\r\n\r\n"
    items = read(
        tmp_path / "a.warc",
        record(b"software: x", kind=b"warcinfo")
        + record(answer(b"<p>plain</p>", HTML))
        + record(answer(packed, HTML, "Content-Encoding: gzip"))
        + record(answer(chunked, HTML, "Transfer-Encoding: chunked"))
        + record(answer(b"gone", HTML, status="404 Not Found"))
        + record(answer(b"\x89PNG", "Content-Type: image/png"))
        + record(answer(b"not gzip", HTML, "Content-Encoding: br"))
        + record(answer(b"x" * (CAP + 1), HTML))
        + record(answer(gzip.compress(b"\0" * 50_000_000), HTML, "Content-Encoding: gzip"))
        + record(b"no http at all")
        + record(answer(b"<p>end</p>", HTML)),
    )
    assert [one.body if isinstance(one, Copy) else one for one in contents(items)] == [
        b"<p>plain</p>", b"<p>packed</p>", b"<p>chunked</p>", "http-404", "unsupported-type",
        "unsupported-encoding", "too-large", "too-large", "not-http", b"<p>end</p>",
    ]  # fmt: skip


def test_a_damaged_archive_gives_what_stands_before(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    whole = archived("https://a.example/1", "https://a.example/2")
    path.write_bytes(whole + b"\x00 what is no record" * 100)
    given = Input(path, Form.WARC, "", CAP)
    given.identify()
    items = given.items()
    assert [next(items).name for _ in range(2)] == ["https://a.example/1", "https://a.example/2"]
    with pytest.raises(Damaged, match="after record 2"):
        next(items)


def test_the_last_record_of_a_killed_writer_is_damaged_and_no_other(tmp_path: Path) -> None:
    whole = archived("https://a.example/1", "https://a.example/2")
    for cut in (1, 30, 200):
        path = tmp_path / f"{cut}.warc.gz"
        path.write_bytes(whole[:-cut])
        given = Input(path, Form.WARC, "", CAP)
        given.identify()
        items = given.items()
        first = next(items)
        assert isinstance(first.content, Copy) and first.content.url == "https://a.example/1"


def test_gzip_that_ends_early_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"title":"A"}\n' * 10_000)[:-20])
    given = Input(path, Form.JSONL, "", CAP)
    given.identify()
    with pytest.raises(Damaged):
        list(given.items())


def test_a_folder_of_pages(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name, body in {
        "b/2.HTM": b"two",
        "a 1.html": b"one",
        "c.html": b"x" * (CAP + 1),
        "d.png": b"",
    }.items():
        (tmp_path / name).write_bytes(body)
    items = read(tmp_path, site="https://kabar.example/arsip/")
    assert [item.name for item in items] == ["a 1.html", "b/2.HTM", "c.html"]
    assert contents(items) == [
        Copy("https://kabar.example/arsip/a%201.html", b"one"),
        Copy("https://kabar.example/arsip/b/2.HTM", b"two"),
        "too-large",
    ]
    assert contents(read(tmp_path))[0] == Copy("", b"one")


def test_an_input_stays_the_same_under_another_name_and_not_with_another_content(tmp_path: Path) -> None:
    def identity(name: str, content: bytes) -> str:
        (tmp_path / name).write_bytes(content)
        given = Input(tmp_path / name, Form.JSONL, "", CAP)
        given.identify()
        return given.identity

    lines = orjson.dumps({"title": "A"}) + b"\n"
    assert identity("a.jsonl", lines * 9_000) == identity("b.jsonl", lines * 9_000)
    assert len({identity("a.jsonl", lines * n) for n in (1, 2, 9_000, 9_001)}) == 4


PAGE = "<html><head>{}</head><body><p>x</p></body></html>"


@pytest.mark.parametrize(
    ("html", "address"),
    [
        (PAGE.format('<link rel=canonical href="https://a.example/1">'), "https://a.example/1"),
        (PAGE.format('<meta property=og:url content="https://a.example/2">'), "https://a.example/2"),
        ("<!-- saved from url=(0024)https://a.example/3 -->" + PAGE.format(""), "https://a.example/3"),
        (PAGE.format('<link rel=canonical href="/relative">'), ""),
        (PAGE.format('<link rel=canonical href="javascript:alert(1)">'), ""),
        (PAGE.format(""), ""),
    ],
)
def test_a_saved_page_tells_where_it_came_from(html: str, address: str) -> None:
    assert stated_address(html.encode()) == address


def test_whose_an_old_page_is() -> None:
    feeds = [
        Feed(id="a", url="https://kabar.com/rss", source="KABAR", country="ID"),
        Feed(id="b", url="https://bisnis.kabar.com/rss", source="BISNIS", country="MY"),
    ]
    known = feeds_by_site(feeds)

    def told(url: str, *said: str, **given: str) -> tuple[str, str, str | None]:
        feed = Origins(**given, feeds=known).of(url, *said)
        return feed.id, feed.source, feed.country

    assert told("https://www.kabar.com/1") == ("a", "KABAR", "ID")
    assert told("https://bisnis.kabar.com/1") == ("b", "BISNIS", "MY")
    assert told("https://other.example/1") == ("by-url", "OTHER", None)
    assert told("https://kabar.com/1", "POST", "post", "SG") == ("post", "POST", "SG")
    assert told("https://kabar.com/1", "POST", source="GALERT", country="TL") == (
        "by-url",
        "GALERT",
        "TL",
    )
    with pytest.raises(ValueError, match="source"):
        told("https://kabar.com/1", "no code!")

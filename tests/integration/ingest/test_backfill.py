"""`warta backfill` with a real Redis: every item ends in one word, and a killed run goes on where it was."""

from __future__ import annotations

import gzip
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import Result
from redis import Redis
from typer.testing import CliRunner

from tiny_site import PARAGRAPHS, page
from waiting import eventually
from warta_ingest.archive.page_archive import warc_record
from warta_ingest.fetcher import Fetched
from warta_shared.cli.main import app
from warta_shared.delivery.names import PAGES, RAW
from warta_shared.events.article import Source

Warta = Callable[..., Result]


@pytest.fixture
def warta(redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Warta:
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object, **env: str) -> Result:
        given = ["backfill", *map(str, arguments)]
        return CliRunner().invoke(app, given, env={"WARTA_REDIS_URL": redis_url, "COLUMNS": "200"} | env)

    return run


def stream(redis_url: str, name: str = RAW) -> list[dict[str, Any]]:
    with Redis.from_url(redis_url) as redis:
        entries: Any = redis.xrange(name)
    return [orjson.loads(fields[b"body"]) for _, fields in entries]


def told(done: Result) -> dict[str, Any]:
    [one] = orjson.loads(done.stdout)["inputs"]
    return dict(one["outcomes"])


def article(number: int, **given: Any) -> dict[str, Any]:
    return {
        "url": f"https://kabar.example/{number}",
        "title": f"Judul {number}",
        "body": "Isi berita.",
    } | given


def json_lines(*articles: Any) -> bytes:
    return b"".join(orjson.dumps(one) + b"\n" for one in articles)


def refusals(folder: Path) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in (folder / "backfill-refused.ndjson").read_bytes().splitlines()]


def test_articles_come_in_once_and_what_is_wrong_is_written_down(
    warta: Warta, redis_url: str, tmp_path: Path
) -> None:
    lines = (
        json_lines(article(1), article(2, title=""), {"no": "article"}, article(1), article(3)) + b"{broken\n"
    )
    (tmp_path / "old.jsonl").write_bytes(lines)
    done = warta("old.jsonl", "--source", "KABAR", "--json")
    assert done.exit_code == 4
    assert told(done) == {"published": 2, "superseded": 1, "invalid": 2, "not-json": 1}
    assert {one["title"] for one in stream(redis_url)} == {"Judul 1", "Judul 3"}
    assert [(one["item"], one["name"], one["reason"]) for one in refusals(tmp_path)] == [
        (2, "line 2", "invalid"), (3, "line 3", "invalid"), (6, "line 6", "not-json"),
    ]  # fmt: skip
    assert "title" in refusals(tmp_path)[0]["detail"]
    assert told(warta("old.jsonl", "--source", "KABAR", "--json"))["unchanged"] == 2
    assert len(stream(redis_url)) == 2


def test_a_table_comes_in(warta: Warta, redis_url: str, tmp_path: Path) -> None:
    (tmp_path / "old.csv.gz").write_bytes(
        gzip.compress(b'url,title,body,source,authors\nhttps://a.example/1,A,"Satu\nDua",POST,Siti; Budi\n')
    )
    done = warta("old.csv.gz")
    assert (done.exit_code, done.stdout) == (0, "old.csv.gz: 1 items: 1 published\n")
    [one] = stream(redis_url)
    assert (one["body"], one["authors"], one["source"]["id"]) == ("Satu\nDua", ["Siti", "Budi"], "POST")
    assert not (tmp_path / "backfill-refused.ndjson").exists()


def test_urls_go_to_the_ingest_service(warta: Warta, redis_url: str, tmp_path: Path) -> None:
    (tmp_path / "urls.txt").write_text(
        "https://kabar.example/1\nhttps://kabar.example/1?utm_source=x\nmailto:a@b.example\n"
        "https://post.example/2\n"
    )
    done = warta("urls.txt", "--json")
    assert done.exit_code == 4
    assert told(done) == {"on-its-way": 2, "known": 1, "bad-url": 1}
    found = [(one["url"], one["source"]["id"]) for one in stream(redis_url, PAGES)]
    assert sorted(found) == [("https://kabar.example/1", "KABAR"), ("https://post.example/2", "POST")]
    assert told(warta("urls.txt", "--json")) == {"known": 3, "bad-url": 1}


def saved(number: int, *, canonical: str = "") -> bytes:
    return page(f"Harga cabai naik {number}", *PARAGRAPHS, canonical=canonical or None).encode()


def test_an_archive_is_read_anew(warta: Warta, redis_url: str, tmp_path: Path) -> None:
    """The pages as they were fetched, under the source that they were fetched for."""
    source = Source(id="PASAR", feed="pasar", country="ID")
    records = [
        warc_record(Fetched(url, url, (), 200, {"content-type": "text/html"}, saved(number)), source)
        for number in range(3)
        if (url := f"https://kabar.example/{number}")
    ]
    (tmp_path / "a.warc.gz").write_bytes(b"".join(records) + b"\x00damage" * 50)
    done = warta("a.warc.gz", "--json")
    assert (done.exit_code, told(done)) == (4, {"published": 3, "damaged": 1})
    articles = stream(redis_url)
    assert [one["title"] for one in articles] == [f"Harga cabai naik {number}" for number in range(3)]
    assert {(one["source"]["id"], one["source"]["feed"]) for one in articles} == {("PASAR", "pasar")}
    assert all(PARAGRAPHS[0] in one["body"] for one in articles)


def test_a_folder_of_pages_comes_in(warta: Warta, redis_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "mirror"
    folder.mkdir()
    (folder / "a.html").write_bytes(saved(1, canonical="https://kabar.example/berita/1"))
    (folder / "b.html").write_bytes(saved(2))
    (folder / "c.html").write_bytes(b"")
    done = warta(folder, "--json")
    assert (done.exit_code, told(done)) == (4, {"published": 1, "no-address": 1, "no-text": 1})
    done = warta(folder, "--site", "https://post.example/", "--source", "POST", "--json")
    assert told(done) == {"published": 2, "no-text": 1}
    urls = [one["canonical_url"] for one in stream(redis_url)]
    assert "https://kabar.example/berita/1" in urls and "https://post.example/b.html" in urls


def test_a_killed_run_goes_on_where_it_was(warta: Warta, redis_url: str, tmp_path: Path) -> None:
    (tmp_path / "old.jsonl").write_bytes(json_lines(*(article(n, source="KABAR") for n in range(1_000))))
    killed = subprocess.Popen(
        [Path(sys.executable).with_name("warta"), "backfill", "old.jsonl", "--rate", "200"],
        env=dict(os.environ, WARTA_REDIS_URL=redis_url),
        stderr=subprocess.DEVNULL,
    )
    with Redis.from_url(redis_url) as redis:
        eventually(lambda: redis.xlen(RAW) >= 200)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        before: Any = redis.xlen(RAW)
        [kept] = redis.keys("backfill:*")
        items = int(redis.hget(kept, "items") or 0)
    assert 100 <= items <= before < 1_000
    done = warta("old.jsonl", "--json")
    assert done.exit_code == 0
    # All are counted; only what was settled and not written down yet is found unchanged.
    assert told(done) == {"published": 1_000 - (before - items)} | (
        {"unchanged": before - items} if before > items else {}
    )
    urls = [one["url"] for one in stream(redis_url)]
    assert len(urls) == len(set(urls)) == 1_000
    with Redis.from_url(redis_url) as redis:
        assert not redis.keys("backfill:*")


def test_it_waits_while_the_stages_behind_have_enough_to_do(redis_url: str, tmp_path: Path) -> None:
    (tmp_path / "old.jsonl").write_bytes(json_lines(*(article(n, source="KABAR") for n in range(300))))
    with Redis.from_url(redis_url) as redis:
        redis.xgroup_create(RAW, "enrich", id="0", mkstream=True)
        run = subprocess.Popen(
            [Path(sys.executable).with_name("warta"), "backfill", str(tmp_path / "old.jsonl"), "--json"],
            env=dict(os.environ, WARTA_REDIS_URL=redis_url, WARTA_MAX_BACKLOG="150"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        eventually(lambda: redis.xlen(RAW) >= 200)
        time.sleep(1.5)
        waiting: Any = redis.xlen(RAW)
        assert waiting == 200
        redis.xgroup_setid(RAW, "enrich", "$")
        out, err = run.communicate(timeout=30)
        assert redis.xlen(RAW) == 300
    assert run.returncode == 0 and orjson.loads(out)["inputs"][0]["outcomes"] == {"published": 300}
    assert err.count(b"waiting: backlog") == 1


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("missing.jsonl", None, (2, "No such file")),
        ("old.json", b"[]", (2, "its name does not tell")),
        ("old.jsonl", b"", (1, "there is nothing in it")),
        ("old.csv", b"colour\nred\n", (1, "damaged")),
    ],
)
def test_what_cannot_be_brought_in(
    warta: Warta, tmp_path: Path, name: str, content: bytes | None, expected: tuple[int, str]
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    done = warta(name)
    assert done.exit_code == expected[0]
    assert expected[1] in done.stdout + done.stderr


def test_the_form_can_be_said(warta: Warta, redis_url: str, tmp_path: Path) -> None:
    (tmp_path / "old.dat").write_bytes(json_lines(article(1, source="KABAR")))
    assert warta("old.dat", "--form", "jsonl").exit_code == 0
    assert len(stream(redis_url)) == 1


def test_a_folder_that_cannot_be_written_is_told_before_anything_is_done(
    warta: Warta, redis_url: str, tmp_path: Path
) -> None:
    (tmp_path / "old.jsonl").write_bytes(json_lines(article(1, source="KABAR")))
    done = warta("old.jsonl", "--refusals", tmp_path / "nowhere" / "refused.ndjson")
    assert (done.exit_code, stream(redis_url)) == (2, [])
    assert "--refusals" in done.stderr


def test_without_redis_it_says_so(warta: Warta, tmp_path: Path) -> None:
    (tmp_path / "old.jsonl").write_bytes(json_lines(article(1, source="KABAR")))
    assert warta("old.jsonl", WARTA_REDIS_URL="redis://127.0.0.1:1/0").exit_code == 3

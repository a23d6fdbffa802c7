"""`warta export` from a real index: as many as were found, resumed where it was killed, or it says so."""

from __future__ import annotations

import csv
import gzip
import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from commands import run_warta
from fixtures_stack import Running
from waiting import eventually
from warta_index.scan import PAGE

SOURCE, NUMBER = "EXPORT", 2 * PAGE + 7


def warta(running: Running, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return run_warta(running.environment() | env, "export", *arguments)


@pytest.fixture(scope="module")
def ids(running: Running) -> list[str]:
    articles = [
        {"external_id": f"e{n}", "title": f"Judul {n}", "body": f"Isi berita nomor {n}.", "source": SOURCE}
        for n in range(NUMBER)
    ]
    results = running.push(articles).json()["results"]
    eventually(lambda: len(running.documents({"term": {"source.id": SOURCE}})) == NUMBER, 60)
    return sorted(result["id"] for result in results)


def test_every_article_is_written_once(running: Running, ids: list[str], tmp_path: Path) -> None:
    file = tmp_path / "all.jsonl.gz"
    done = warta(running, str(file), "--source", SOURCE, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == {"file": str(file), "found": NUMBER, "written": NUMBER}
    lines: list[dict[str, Any]] = [
        json.loads(line) for line in gzip.decompress(file.read_bytes()).splitlines()
    ]
    assert [line["id"] for line in lines] == ids
    assert {line["source"]["id"] for line in lines} == {SOURCE}


def test_a_run_goes_on_and_says_when_the_numbers_differ(
    running: Running, ids: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "all.csv"
    asked = ("--source", SOURCE)
    assert warta(running, str(file), *asked).returncode == 0
    whole = file.read_bytes()
    file.unlink()
    assert warta(running, str(file), *asked, WARTA_ELASTICSEARCH_URL="http://127.0.0.1:1").returncode == 3
    state = json.loads((tmp_path / "all.csv.part.json").read_bytes())
    begun = whole[: whole.index(ids[100].encode())]
    (tmp_path / "all.csv.part").write_bytes(begun)
    state |= {"after": ids[99], "articles": 100, "size": len(begun)}
    (tmp_path / "all.csv.part.json").write_text(json.dumps(state))
    done = warta(running, str(file), *asked)
    assert (done.returncode, file.read_bytes()) == (0, whole)
    assert [row["id"] for row in csv.DictReader(file.read_text().splitlines())] == ids
    (tmp_path / "all.csv.part").write_bytes(begun)
    (tmp_path / "all.csv.part.json").write_text(json.dumps(state | {"articles": 90}))
    done = warta(running, str(file), *asked)
    assert done.returncode == 4
    assert "not as many as were found" in done.stderr


@pytest.mark.parametrize(
    ("rendering", "named"), [("ninjs", ("uri", "urn:warta:{}")), ("schema-org", ("@id", "urn:warta:{}"))]
)
def test_articles_in_the_words_of_a_standard(
    running: Running, ids: list[str], tmp_path: Path, rendering: str, named: tuple[str, str]
) -> None:
    file = tmp_path / "all.jsonl"
    assert warta(running, str(file), "--source", SOURCE, "--as", rendering).returncode == 0
    field, form = named
    assert [json.loads(line)[field] for line in file.open()] == [form.format(one) for one in ids]


def test_parquet_holds_the_same_in_typed_columns(running: Running, ids: list[str], tmp_path: Path) -> None:
    lines, file = tmp_path / "all.jsonl", tmp_path / "all.parquet"
    assert warta(running, str(lines), "--source", SOURCE).returncode == 0
    assert warta(running, str(file), "--source", SOURCE).returncode == 0
    assert {one.name for one in tmp_path.iterdir()} == {"all.jsonl", "all.parquet"}
    rows = parquet.read_table(file).to_pylist()
    assert [row["id"] for row in rows] == ids
    for row, line in zip(rows, map(json.loads, lines.read_bytes().splitlines()), strict=True):
        assert row["first_seen_at"] == datetime.fromisoformat(line["first_seen_at"])
        assert row["source"]["id"] == line["source"]["id"]
        assert row["body"] == line["body"]


def test_without_its_package_parquet_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    program = (
        "import importlib.util as u; find = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if name == 'pyarrow' else find(name, *a)\n"
        "from warta_shared.cli.main import run; run()"
    )
    command = [sys.executable, "-c", program, "export", str(tmp_path / "a.parquet")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, list(tmp_path.iterdir())) == (2, [])
    assert "pip install pyarrow" in done.stderr


def test_what_cannot_be_written_or_asked_is_told(running: Running, tmp_path: Path) -> None:
    assert warta(running, str(tmp_path / "a.xlsx")).returncode == 2
    assert warta(running, str(tmp_path / "none" / "a.csv")).returncode == 2
    assert warta(running, str(tmp_path / "a.csv"), "--as", "ninjs").returncode == 2
    empty = warta(running, str(tmp_path / "a.jsonl"), "--source", "NOBODY")
    assert (empty.returncode, (tmp_path / "a.jsonl").read_bytes()) == (0, b"")

"""What an export writes: lines and tables, and a part that a killed run goes on with."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path

import pytest

from enriched_articles import maximal_article
from warta_index.export.form import COLUMNS, Form, form_of, head, rows
from warta_index.export.part import Part

ARTICLE = json.loads(maximal_article().model_dump_json())


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.jsonl", Form.JSONL),
        ("a.ndjson.gz", Form.JSONL),
        ("b.csv", Form.CSV),
        ("b.csv.gz", Form.CSV),
        ("b.parquet", Form.PARQUET),
        ("b.parquet.gz", None),
        ("c.txt", None),
    ],
)
def test_a_form_is_told_by_the_name(name: str, form: Form | None) -> None:
    assert form_of(Path(name)) is form


def test_lines_hold_all_that_the_index_has() -> None:
    assert [json.loads(line) for line in rows(Form.JSONL, [ARTICLE, ARTICLE]).splitlines()] == [ARTICLE] * 2
    assert head(Form.JSONL) == b""


def test_a_table_has_a_cell_for_each_column() -> None:
    articles = [ARTICLE, ARTICLE | {"title": '=SUM("x")', "body": "a\nb, c", "source": {"id": "S"}}]
    table = list(csv.DictReader(io.StringIO((head(Form.CSV) + rows(Form.CSV, articles)).decode())))
    assert [list(row) for row in table] == [list(COLUMNS)] * 2
    assert table[0]["id"] == ARTICLE["id"]
    assert table[0]["topics"] == "04000000"
    assert all(table[0].values()), "the maximal article leaves no cell empty"
    assert (table[1]["title"], table[1]["body"], table[1]["source_name"]) == ('\'=SUM("x")', "a\nb, c", "")


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_a_killed_run_goes_on_behind_its_last_page(tmp_path: Path, name: str) -> None:
    path, asked = tmp_path / name, "asked"
    first = Part(path, asked)
    first.add(b"1\n2\n", 2, "b")
    first._file.write(b"half of a page")
    first.close()
    second = Part(path, asked)
    assert (second.done.articles, second.done.after) == (2, "b")
    second.add(b"3\n", 1, "c")
    assert not path.exists()
    second.finish()
    content = gzip.decompress(path.read_bytes()) if name.endswith("gz") else path.read_bytes()
    assert content == b"1\n2\n3\n"
    assert [one.name for one in tmp_path.iterdir()] == [name]


def test_another_question_or_a_lost_part_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    first = Part(path, "one")
    first.add(b"1\n", 1, "a")
    first.close()
    for again, asked in ((True, "one"), (False, "two")):
        part = Part(path, asked, again=again)
        assert part.done.articles == 0
        part.close()
    part = Part(path, "one")
    part.add(b"1\n", 1, "a")
    part.close()
    (tmp_path / "a.jsonl.part").unlink()
    assert Part(path, "one").done.articles == 0

"""`warta enrich`: what it reads, what it shows, what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from warta_enrich.cli.enrich import app

TEXT = (
    "Bank Indonesia menahan bunga\n\nJAKARTA (ANTARA) - Gubernur Bank Indonesia Perry Warjiyo mengatakan kemarin"
    " bahwa kredit Rp1,5 triliun disalurkan di Surabaya, naik 5,2 persen, sesuai UU No. 11 Tahun 2020."
)


def test_a_text_as_json_has_every_finding_with_its_place() -> None:
    done = CliRunner().invoke(
        app, ["-", "--json", "--published", "2025-06-02", "--country", "ID"], input=TEXT
    )
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert (found["title"], found["language"], found["agency"]) == (
        "Bank Indonesia menahan bunga",
        "id",
        "ANTARA",
    )
    assert "org:bank-indonesia" in {one.get("id") for one in found["organisations"]}
    assert [one["name"] for one in found["people"]] == ["Perry Warjiyo"]
    assert (found["amounts"][0]["amount"], found["amounts"][0]["currency"]) == (1.5e12, "IDR")
    assert [one["date"] for one in found["dates"]] == ["2025-06-01"]
    for kind in ("people", "organisations", "places", "laws", "amounts", "percentages", "dates"):
        for mention in (mention for one in found[kind] for mention in one["mentions"]):
            assert found[mention["field"]][mention["start"] : mention["end"]].strip()
    assert "id" not in found and "source" not in found


def test_a_model_of_names_that_cannot_be_used_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARTA_NER_BACKEND", "spacy")
    done = CliRunner().invoke(app, ["-"], input=TEXT)
    assert done.exit_code == 2
    assert "the backend spacy needs WARTA_NER_MODEL" in done.stderr
    monkeypatch.setenv("WARTA_NER_LABELS", '{"GPE": "city"}')
    done = CliRunner().invoke(app, ["-"], input=TEXT)
    assert done.exit_code == 2
    assert "WARTA_NER_LABELS_GPE" in done.stderr


def test_people_see_the_text_and_the_findings(tmp_path: Path) -> None:
    file = tmp_path / "article.json"
    file.write_text(json.dumps({"title": "Judul\x1b[31m", "body": TEXT}))
    done = CliRunner().invoke(app, [str(file)])
    assert done.exit_code == 0, done.output
    assert "\x1b" not in done.stdout
    assert "Rp1,5 triliun = 1,500,000,000,000 IDR" in done.stdout
    assert any(line.split()[:2] == ["places", "Surabaya"] for line in done.stdout.splitlines())


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"Only a title", "no text below the first line"),
        (b"", "no text below the first line"),
        (b"{broken", "begins like JSON"),
        (b'{"title": 1, "body": "b"}', "must be texts"),
        (b"x" * 8_000_001, "more than 8,000,000 bytes"),
    ],
)
def test_what_is_no_text_is_told(tmp_path: Path, content: bytes, problem: str) -> None:
    file = tmp_path / "text"
    file.write_bytes(content)
    done = CliRunner().invoke(app, [str(file)])
    assert (done.exit_code, problem in done.stderr) == (2, True), done.output


def test_a_file_or_table_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    assert CliRunner().invoke(app, [str(tmp_path / "none")]).exit_code == 2
    (tmp_path / "entities.tsv").write_text("nonsense\n")
    done = CliRunner().invoke(app, ["-", "--tables", str(tmp_path)], input=TEXT)
    assert done.exit_code == 2
    assert "entities.tsv" in done.stderr


@pytest.mark.parametrize("body", ["\x00\x01\x02 teks " * 5, "\ufffe teks \ud83d", "a" * 200_000])
def test_any_text_passes(body: str) -> None:
    content = f"Judul\n{body}".encode("utf-8", "surrogatepass")
    done = CliRunner().invoke(app, ["-", "--json"], input=content)
    assert done.exit_code == 0, done.output

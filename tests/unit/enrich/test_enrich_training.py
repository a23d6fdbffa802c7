"""The tagger is trained and scored from any folder in the documented formats; the same inputs give the same bytes."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from training.corpora import CORPORA, as_headline, in_capitals, recased
from training.span_scores import span_scores
from training.tagged_sentences import in_tokens, read_conll
from training.train_tagger import KNOWLEDGE_FILES
from warta_enrich.models import SHIPPED
from warta_enrich.tagger.labels import Span
from warta_enrich.tagger.weights import load_weights

TRAINING = Path(__file__).parents[3] / "services" / "enrich" / "training"
SENTENCES = (
    "Menteri\tO\nHelvi\tB-PER\nMoraza\tI-PER\ntiba\tO\ndi\tO\nSurabaya\tB-LOC\n.\tO\n\n"
    "Kata\tO\nPartai\tB-ORG\nBaru-Kita\tI-ORG\n(PBK)\tI-ORG\n,\tO\nya\tO\n\n"
) * 3


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    for corpus in CORPORA:
        for name in corpus.files:
            (folder / name).write_text(SENTENCES, encoding="utf-8")
    return folder


def run(script: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(TRAINING / script), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def tables(folder: Path) -> Path:
    folder.mkdir()
    for name in KNOWLEDGE_FILES:
        (folder / name).write_bytes((SHIPPED / name).read_bytes())
    return folder


def test_training_is_reproducible_and_says_what_it_was_made_of(data: Path, tmp_path: Path) -> None:
    outs = [tables(tmp_path / "one"), tables(tmp_path / "two")]
    for out in outs:
        result = run("train_tagger.py", "--data", data, "--out", out)
        assert result.returncode == 0, result.stderr
    assert (outs[0] / "tagger.npz").read_bytes() == (outs[1] / "tagger.npz").read_bytes()
    weights = load_weights(outs[0] / "tagger.npz")
    assert {"O", "B-PER", "E-PER", "S-LOC", "B-ORG", "I-ORG", "E-ORG"} == set(weights.labels)
    manifest = json.loads((outs[0] / "TAGGER.json").read_text(encoding="utf-8"))
    digest = hashlib.sha256(SENTENCES.encode()).hexdigest()
    assert manifest["corpora"]["idner2k"]["sha256"]["ner_id_idner2k.dev.conll"] == digest
    assert (
        manifest["weights"]["tagger.npz"] == hashlib.sha256((outs[0] / "tagger.npz").read_bytes()).hexdigest()
    )
    assert manifest["report"]["nergrit"][0]["f1"] == 1.0


def test_the_shipped_weights_are_those_of_the_manifest() -> None:
    manifest = json.loads((SHIPPED / "TAGGER.json").read_text(encoding="utf-8"))
    for name, digest in {**manifest["weights"], **manifest["tables"]}.items():
        assert hashlib.sha256((SHIPPED / name).read_bytes()).hexdigest() == digest, name


def test_a_missing_input_is_named(data: Path, tmp_path: Path) -> None:
    (data / "ner_id_idner2k.dev.conll").unlink()
    result = run("train_tagger.py", "--data", data, "--out", tables(tmp_path / "out"))
    assert result.returncode == 2
    assert "ner_id_idner2k.dev.conll" in result.stderr


def test_missing_tables_are_named(data: Path, tmp_path: Path) -> None:
    result = run("train_tagger.py", "--data", data, "--out", tmp_path)
    assert result.returncode == 2
    assert "compile_tables.py" in result.stderr


def test_a_table_of_figures(data: Path, tmp_path: Path) -> None:
    result = run("evaluate.py", "--data", data, "--only", "entities", "--json")
    assert result.returncode == 0, result.stderr
    figures = {(one["file"], one["what"]): one for one in map(json.loads, result.stdout.splitlines())}
    persons = figures["ner_id_idner2k.train.conll", "pipeline PER"]
    assert (persons["cases"], persons["value"], persons["seen"]) == (3, 1.0, False)
    assert {what for _, what in figures} == {
        f"{who} {kind}" for who in ("tagger", "pipeline") for kind in ("all", "PER", "ORG", "LOC")
    }


def test_a_folder_with_nothing_to_score_is_said(tmp_path: Path) -> None:
    assert run("evaluate.py", "--data", tmp_path).returncode == 1
    assert run("evaluate.py", "--data", tmp_path / "none").returncode == 2


def test_tokens_are_cut_and_put_together_again(tmp_path: Path) -> None:
    (tmp_path / "a.conll").write_text(SENTENCES, encoding="utf-8")
    sentence = read_conll(tmp_path / "a.conll")[1]
    assert sentence.words == ("Kata", "Partai", "Baru", "-", "Kita", "(", "PBK", ")", ",", "ya")
    assert sentence.names == (Span(1, 8, "ORG"),)
    assert in_tokens(sentence.names, sentence.owners) == {Span(1, 4, "ORG")}


def test_recased_sentences_keep_their_names(tmp_path: Path) -> None:
    (tmp_path / "a.conll").write_text(SENTENCES * 40, encoding="utf-8")
    sentences = read_conll(tmp_path / "a.conll")
    assert as_headline(sentences[0]).words == ("Menteri", "Helvi", "Moraza", "Tiba", "di", "Surabaya", ".")
    assert in_capitals(sentences[0]).words[3] == "TIBA"
    made = list(recased(sentences))
    assert 0.1 * len(sentences) < len(made) < 0.4 * len(sentences)
    assert made == list(recased(sentences))
    assert {one.names for one in made} == {one.names for one in sentences}


def test_scores_and_their_interval() -> None:
    right, wrong = {Span(0, 1, "PER")}, {Span(0, 2, "PER"), Span(3, 4, "LOC")}
    overall, person, _, place = span_scores([(right, right)] * 8 + [(wrong, right)] * 2)
    assert (overall.precision, overall.recall, overall.f1) == (8 / 12, 0.8, 16 / 22)
    assert (person.names, person.f1) == (10, 0.8)
    assert (place.names, place.precision, place.recall) == (0, 0.0, 0.0)
    assert overall.low < overall.f1 < overall.high
    assert span_scores([])[0].f1 == 0.0

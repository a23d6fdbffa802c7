"""The tables are compiled from any folder in the documented formats, and the same inputs give the same bytes."""

from __future__ import annotations

import gzip
import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from warta_enrich.rows import read_rows
from warta_enrich.steps.gazetteer import ENTITY_COLUMNS
from warta_enrich.steps.tokens import fold
from warta_enrich.tagger.knowledge import load_knowledge, name_tags

SCRIPT = Path(__file__).parents[3] / "services" / "enrich" / "training" / "compile_tables.py"
TAGGED = [("Sebuah", "NN"), ("batu", "NN"), ("jatuh", "VB"), ("di", "IN"), ("Surabaya", "NNP"), (".", "Z")]
TOPIC = {"qcode": "medtop:04000000", "name_en": "economy", "path": ["medtop:04000000"], "retired": None}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A small data folder: every input that the script names, a few rows each."""
    folder = tmp_path / "data"
    folder.mkdir()
    regencies = (
        "35\tJawa Timur\n35.78\tKota Surabaya\n35.79\tKota Batu\n35.79.01\tBatu\n35.07\tKabupaten Malang\n"
    )
    (folder / "gaz_wilayah_prov_kab_kec.tsv").write_text(regencies, encoding="utf-8")
    (folder / "gaz_names_faker.json").write_text(json.dumps({"fn": ["sri", "batu"], "ln": ["wulandari"]}))
    (folder / "iptc_mediatopics_2023-10-24.json").write_text(
        json.dumps(
            [{**TOPIC, "name_id": "ekonomi"}, {**TOPIC, "qcode": "medtop:20000001", "retired": "2020"}]
        )
    )
    (folder / "topic_seed_lexicon_id_en.json").write_text(json.dumps({"04000000": "inflasi suku-bunga who"}))
    with gzip.open(folder / "pos_id_kumparan_nlp-id.tsv.gz", "wt", encoding="utf-8") as lines:
        lines.write(("".join(f"{word}\t{tag}\n" for word, tag in TAGGED) + "\n") * 3)
    for name in ("eng.train", "eng.dev", "ind.train", "ind.dev"):
        (folder / f"topic_sib200_{name}.tsv").write_text(
            "index_id\tcategory\ttext\n1\tsports\tA stone fell.\n"
        )
    for name in ("idner2k.train", "idner2k.dev", "nergrit.train", "nergrit.valid"):
        (folder / f"ner_id_{name}.conll").write_text("Kata\tO\nHelvi\tB-PER\nMoraza\tI-PER\n\n" * 2)
    for name in ("crossner_politics.train", "crossner_politics.dev", "wikigold.first1190"):
        (folder / f"ner_en_{name}.conll").write_text("the\tO\nsenate\tO\n\n" * 2)
    (folder / "gaz_cities_geonames.txt").write_text("Oslo\nSão Paulo\n", encoding="utf-8")
    (folder / "gaz_countries_cldr_id_en.txt").write_text("Norwegia\n", encoding="utf-8")
    (folder / "gaz_orgs_own_cc0.txt").write_text("PDIP\n", encoding="utf-8")
    (folder / "gaz_places_own_cc0.txt").write_text("East Java\n", encoding="utf-8")
    for kind, names in (("person", "Sri Wulandari\n?ahin\nSri\n"), ("organization", "A-League\n3M\n")):
        with gzip.open(folder / f"gaz_dbpedia_{kind}.txt.gz", "wt", encoding="utf-8") as lines:
            lines.write(names)
    return folder


def compile_into(out: Path, data: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), "--data", str(data), "--out", str(out)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_tables_and_manifest_from_a_small_folder(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "tables"
    assert compile_into(out, data).returncode == 0
    places = {row["id"]: row for row in read_rows(out / "places.tsv", ENTITY_COLUMNS)}
    assert places["place:id-3578"]["aliases"].split("|")[-1] == "Surabaya"
    assert places["place:id-3579"]["aliases"].split("|")[-1] == "Batu=place"
    assert places["place:id-3507"]["name"] == "Kabupaten Malang"
    (topic,) = (out / "topics.tsv").read_text(encoding="utf-8").splitlines()[1:]
    assert topic == "04000000\t04000000\teconomy\tekonomi"
    terms = (out / "topic_terms.tsv").read_text(encoding="utf-8").splitlines()[1].split("\t")[2].split("|")
    assert terms[:2] == ["inflasi", "suku bunga"]
    assert "who" not in terms
    names = (
        (out / "person_words.tsv")
        .read_text(encoding="utf-8")
        .split("\nname\t")[-1]
        .splitlines()[0]
        .split("|")
    )
    assert {"helvi", "moraza", "sri", "wulandari"} <= set(names)
    assert "batu" not in names
    manifest = json.loads((out / "MANIFEST.json").read_text(encoding="utf-8"))
    digest = hashlib.sha256((data / "gaz_names_faker.json").read_bytes()).hexdigest()
    assert manifest["sources"]["gaz_names_faker.json"]["sha256"] == digest
    assert set(manifest["tables"]) == {path.name for path in out.glob("*.tsv")}


def test_what_the_tagger_knows_of_words_and_names(data: Path, tmp_path: Path) -> None:
    """Names by list and frequency, words by their share of proper nouns; DBpedia's in files of their own."""
    out = tmp_path / "tables"
    assert compile_into(out, data).returncode == 0
    known = load_knowledge(out, ())
    assert list(known.attributes("sri")) == ["first", "df1"]
    assert next(known.attributes("surabaya")) == "q4"
    assert next(known.attributes("jatuh")) == "q0"
    assert [fact.partition("=")[0] for fact in known.attributes("jatuh")][1:] == ["k64", "k256", "k1024"]
    words = ("Di", "São", "Paulo", "dan", "pdip", "PDIP")
    folded = tuple(map(fold, words))
    assert name_tags(words, folded, range(6), known.names) == {1: "B-LOC", 2: "I-LOC", 5: "B-ORG"}
    assert "A-League" in (out / "tagger_dbpedia_names.tsv").read_text(encoding="utf-8")


def test_the_same_inputs_give_the_same_bytes(data: Path, tmp_path: Path) -> None:
    outs = [tmp_path / "one", tmp_path / "two"]
    for out in outs:
        assert compile_into(out, data).returncode == 0
    first, second = ({path.name: path.read_bytes() for path in out.iterdir()} for out in outs)
    assert first == second


def test_a_missing_input_is_named(data: Path, tmp_path: Path) -> None:
    (data / "gaz_names_faker.json").unlink()
    result = compile_into(tmp_path / "tables", data)
    assert result.returncode == 2
    assert "gaz_names_faker.json" in result.stderr

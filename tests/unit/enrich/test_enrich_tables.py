"""The shipped tables are what the manifest says; an operator's rows are read first or refused with a clear error."""

from __future__ import annotations

import hashlib
import json
import re
import time
from pathlib import Path

import pytest

from builders import raw_article
from warta_enrich.models import ENTITY_TABLES, SHIPPED, Models, load_models
from warta_enrich.pipeline import enrich
from warta_enrich.rows import Row, TableError, read_rows
from warta_enrich.steps.gazetteer import ENTITY_COLUMNS, build_gazetteer
from warta_enrich.steps.person_words import PERSON_COLUMNS, build_person_words
from warta_enrich.steps.topics import TERM_COLUMNS, TOPIC_COLUMNS, build_topics

ENTITY_HEADER = "\t".join(ENTITY_COLUMNS)
TERM_HEADER = "\t".join(TERM_COLUMNS)

WRONG = [
    ("entities.tsv", "id\tname\n", r"entities\.tsv:1: the header must be"),
    ("entities.tsv", f"{ENTITY_HEADER}\norg:x\torganisation\tX\n", r"entities\.tsv:2: 3 cells, expected 5"),
    (
        "entities.tsv",
        f"{ENTITY_HEADER}\norg:x\tfirm\tX\tID\t\n",
        r"entities\.tsv:2: kind 'firm', expected one of",
    ),
    (
        "entities.tsv",
        f"{ENTITY_HEADER}\norg:x\torganisation\t\tID\t\n",
        r"entities\.tsv:2: expected a name of 1 to",
    ),
    (
        "entities.tsv",
        f"{ENTITY_HEADER}\norg:x\tplace\tX\tIndonesia\t\n",
        r"entities\.tsv:2: home 'Indonesia', .*ISO",
    ),
    (
        "entities.tsv",
        f"{ENTITY_HEADER}\nkadin\torganisation\tX\tID\t\n",
        r"entities\.tsv:2: the id 'kadin' must",
    ),
    ("entities.tsv", f"{ENTITY_HEADER}\n\norg:x\tplace\tX\tID\tY=nothing\n", r"entities\.tsv:3: .*'nothing'"),
    (
        "entities.tsv",
        f"{ENTITY_HEADER}\nperson:x\tperson\tX\tID\tY=2024-13-01..\n",
        r"entities\.tsv:2: .*'2024-13-01\.\.', .*period",
    ),
    (
        "topic_terms.tsv",
        f"{TERM_HEADER}\n99999999\t1\tkata\n",
        r"topic_terms\.tsv:2: '99999999' is no Media Topic",
    ),
    ("topic_terms.tsv", f"{TERM_HEADER}\n04000000\tmany\tkata\n", r"topic_terms\.tsv:2: weight 'many'"),
    ("people.tsv", "x\n", r"people\.tsv; known are entities\.tsv and topic_terms\.tsv"),
]


def shipped_entities() -> list[Row]:
    return [row for name in ENTITY_TABLES for row in read_rows(SHIPPED / f"{name}.tsv", ENTITY_COLUMNS)]


def test_the_manifest_names_every_table_with_its_checksum() -> None:
    manifest = json.loads((SHIPPED / "MANIFEST.json").read_text(encoding="utf-8"))
    checksums = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in SHIPPED.glob("*.tsv")}
    assert manifest["tables"] == checksums
    assert all(source["licence"] and len(source["sha256"]) == 64 for source in manifest["sources"].values())


def test_the_curated_sources_are_those_that_the_tables_were_made_from() -> None:
    """Whoever edits a source compiles the tables again."""
    folder = Path(__file__).parents[3] / "services" / "enrich" / "training" / "sources"
    recorded = json.loads((SHIPPED / "MANIFEST.json").read_text(encoding="utf-8"))["sources"]
    for path in folder.iterdir():
        assert recorded[path.name]["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest(), path.name


def test_tables_load_fast() -> None:
    started = time.thread_time()
    entities = shipped_entities()
    build_gazetteer(entities, read_rows(SHIPPED / "cues.tsv", ("cue", "before", "after", "words")))
    build_person_words(list(read_rows(SHIPPED / "person_words.tsv", PERSON_COLUMNS)))
    topics = read_rows(SHIPPED / "topics.tsv", TOPIC_COLUMNS)
    build_topics(topics, read_rows(SHIPPED / "topic_terms.tsv", TERM_COLUMNS))
    assert time.thread_time() - started < 1.0


def test_all_provinces_regencies_and_cities_are_there() -> None:
    ids = {row["id"] for row in read_rows(SHIPPED / "places.tsv", ENTITY_COLUMNS)}
    assert sum(bool(re.fullmatch(r"place:id-\d{4}", identifier)) for identifier in ids) == 514
    assert {"place:id-ji", "place:id-pd", "place:id-3578", "country:ID", "place:jp-tokyo"} <= ids


def test_ids_fit_the_event(models: Models) -> None:
    assert len(models.made_by.models) <= 20
    assert all(len(row["id"]) <= 128 for row in shipped_entities())


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Models:
    folder = tmp_path_factory.mktemp("tables")
    (folder / "entities.tsv").write_text(
        f"{ENTITY_HEADER}\n"
        "# our own desk's list\n"
        "org:maju-jaya\torganisation\tPT Maju Jaya\tID\tMaju Jaya|Maju=company\n"
        "person:budi-hartono\tperson\tBudi Hartono\tID\tPak Budi|Hartono=2020-01-01..2024-12-31&company\n"
        "ticker:idx-maju\tticker\tMAJU\tID\t\n"
        "org:our-kpk\torganisation\tKPK (ours)\tID\tKPK\n",
        encoding="utf-8",
    )
    (folder / "topic_terms.tsv").write_text(
        f"{TERM_HEADER}\n20001172\t2\tjamu gendong|tukang jamu\n", encoding="utf-8"
    )
    return load_models(folder)


def test_an_operators_rows_are_found_and_win(extended: Models) -> None:
    body = "Pak Budi dari Maju Jaya menyuap pejabat, kata KPK. MAJU disuspensi; jamu gendong dan tukang jamu rugi."
    article = enrich(raw_article(title="Berita", body=body), extended)
    assert {entity.id for entity in article.organisations} == {"org:maju-jaya", "org:our-kpk"}
    assert [(person.id, person.name) for person in article.people] == [
        ("person:budi-hartono", "Budi Hartono")
    ]
    assert [ticker.id for ticker in article.tickers] == ["ticker:idx-maju"]
    assert "20001172" in {topic.code for topic in article.topics}
    assert sum(slug.startswith("extra-") for slug in extended.made_by.models) == 2


@pytest.mark.parametrize(("name", "text", "message"), WRONG)
def test_a_wrong_table_is_refused_with_file_line_and_reason(
    tmp_path: Path, name: str, text: str, message: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(TableError, match=message):
        load_models(tmp_path)


def test_a_table_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "entities.tsv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TableError, match="not UTF-8"):
        load_models(tmp_path)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="is no folder"):
        load_models(tmp_path / "absent")

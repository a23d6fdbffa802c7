"""What is written down for the apps that query says what the models and the mapping say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from enriched_articles import enriched_article, maximal_article
from warta_index.schema import contract
from warta_index.schema.mappings import mappings
from warta_index.schema.meanings import MEANINGS
from warta_shared.events import EnrichedArticle

SCHEMA = json.loads(contract.document_schema())
VALIDATOR = jsonschema_rs.Draft202012Validator(SCHEMA, validate_formats=True)


def document(article: EnrichedArticle, **changes: Any) -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(article.model_dump_json())
    return whole | {"indexed_at": "2025-11-25T04:30:00.000Z"} | changes


def test_every_mapped_field_has_a_meaning_and_nothing_else_has_one() -> None:
    assert set(dict(contract.mapped_types(mappings()["properties"]))) == set(MEANINGS)


def test_the_published_files_are_up_to_date() -> None:
    assert contract.main(["--check"]) == 0


def test_drift_is_found_and_mended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    querying, schema = tmp_path / "querying.md", tmp_path / "document.v1.json"
    monkeypatch.setattr(contract, "QUERYING", querying)
    monkeypatch.setattr(contract, "DOCUMENT", schema)
    querying.write_text(f"before\n{contract.START}old\n{contract.END}after\n")
    assert contract.main(["--check"]) == 1
    assert contract.main([]) == 0
    assert contract.main(["--check"]) == 0
    assert querying.read_text() == f"before\n{contract.START}{contract.table()}{contract.END}after\n"
    assert contract.main(["--other"]) == 2


@pytest.mark.parametrize("article", [enriched_article(), maximal_article()])
def test_a_document_is_valid(article: EnrichedArticle) -> None:
    VALIDATOR.validate(document(article))


@pytest.mark.parametrize(
    "changes",
    [
        {"indexed_at": None},
        {"id": "short"},
        {"status": "gone"},
        {"topics": [{"code": "4"}]},
        {"word_count": -1},
    ],
)
def test_what_is_none_is_refused(changes: dict[str, Any]) -> None:
    assert not VALIDATOR.is_valid(document(maximal_article(), **changes))


def test_fields_to_come_are_allowed_to_a_reader() -> None:
    assert VALIDATOR.is_valid(document(maximal_article(), sentiment=0.5))


def test_the_table_tells_which_fields_are_always_there() -> None:
    rows = {line.split(" | ")[0].strip("|` "): line.split(" | ") for line in contract.table().splitlines()}
    assert rows["title"][1:3] == ["text", "yes"]
    assert rows["summary"][1:3] == ["text", ""]
    assert "`withdrawn`" in rows["status"][3]

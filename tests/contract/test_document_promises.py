"""What docs/querying.md promises inside schema version 1: fields are only added, and keep their types.

`promises/document.v1.fields.json` holds every field that apps have been told of. Add what is new, change nothing else.
"""

from __future__ import annotations

import json
from pathlib import Path

from warta_index.schema.contract import document_schema, mapped_types
from warta_index.schema.mappings import mappings

PROMISED = json.loads((Path(__file__).parent / "promises" / "document.v1.fields.json").read_text())
MAPPED = dict(mapped_types(mappings()["properties"]))
SCHEMA = json.loads(document_schema())


def test_no_field_is_removed_or_changes_its_type() -> None:
    assert {path: MAPPED.get(path) for path in PROMISED["types"]} == PROMISED["types"]


def test_new_fields_are_promised_from_now_on() -> None:
    assert MAPPED.keys() == PROMISED["types"].keys()


def test_what_was_always_there_stays_so() -> None:
    assert set(PROMISED["always"]) <= set(SCHEMA["required"])


def test_the_version_is_told_by_the_index_and_by_each_document() -> None:
    assert mappings()["_meta"]["schema_version"] == 1
    assert SCHEMA["properties"]["schema_version"]["const"] == 1

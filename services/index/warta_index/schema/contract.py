"""The contract with the apps that query, written down: the table of fields in docs/querying.md and a JSON Schema.

`python -m warta_index.schema.contract` writes both; with `--check` it only compares, and exits 1 on drift.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from enum import EnumMeta
from pathlib import Path
from typing import Any, get_args

import orjson
from pydantic import BaseModel

from warta_index.schema.mappings import mappings
from warta_index.schema.meanings import MEANINGS
from warta_shared.events import EnrichedArticle
from warta_shared.events.fields import Instant
from warta_shared.events.schemas import DIALECT
from warta_shared.generated import generate

# This file lies in services/index/warta_index/schema of the repository (the command is of no use elsewhere).
DOCS = Path(__file__).resolve().parents[4] / "docs"
QUERYING = DOCS / "querying.md"
DOCUMENT = DOCS / "schemas" / "document.v1.json"
START, END = "<!-- fields: python -m warta_index.schema.contract -->\n", "<!-- end of fields -->\n"
OPEN = "The document in Elasticsearch. More fields may come: leave those aside that you do not know."


class IndexedArticle(EnrichedArticle):
    """An article as Elasticsearch gives it back."""

    indexed_at: Instant


def mapped_types(properties: dict[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """The searchable fields and their types, sub-fields behind the field that they belong to."""
    for name, field in properties.items():
        if "properties" in field:
            yield from mapped_types(field["properties"], f"{path}{name}.")
            continue
        yield f"{path}{name}", field["type"] if field.get("enabled", True) else "not indexed"
        yield from mapped_types(field.get("fields", {}), f"{path}{name}.")


def table() -> str:
    """Fields of one meaning in one row, in the order of the meanings."""
    types = dict(mapped_types(mappings()["properties"]))
    rows: dict[str, list[str]] = {}
    for path, meaning in MEANINGS.items():
        rows.setdefault(meaning + _choices(path), []).append(path)
    lines = ["| Field | Type | Always | What |", "|---|---|---|---|"]
    for meaning, paths in rows.items():
        kinds = ", ".join(dict.fromkeys(types[path] for path in paths))
        always = "yes" if all(map(_always, paths)) else ""
        lines.append(f"| `{_together(paths)}` | {kinds} | {always} | {meaning} |")
    return "\n".join(lines) + "\n"


def document_schema() -> str:
    """The JSON Schema (draft 2020-12) of a document, open to fields to come."""
    schema = IndexedArticle.model_json_schema(mode="serialization")
    schema |= {"$schema": DIALECT, "title": "Document", "description": OPEN}
    for definition in (schema, *schema["$defs"].values()):
        definition.pop("additionalProperties", None)
    for path, meaning in MEANINGS.items():
        if path in schema["properties"]:
            schema["properties"][path]["description"] = meaning
    return orjson.dumps(schema, option=orjson.OPT_INDENT_2).decode() + "\n"


def written() -> dict[Path, str]:
    """The files as they should be."""
    before, _, rest = QUERYING.read_text(encoding="utf-8").partition(START)
    after = rest.partition(END)[2]
    return {QUERYING: before + START + table() + END + after, DOCUMENT: document_schema()}


def main(arguments: list[str]) -> int:
    """The command: 0 written or in agreement, 1 drift, 2 usage."""
    return generate("warta_index.schema.contract", written(), arguments)


def _together(paths: list[str]) -> str:
    """`{people,places}.id` for many; fields of one name only."""
    ends = {path.rpartition(".")[2] for path in paths}
    if len(paths) == 1:
        return paths[0]
    if len(ends) == 1:
        return f"{{{','.join(path.rpartition('.')[0] for path in paths)}}}.{ends.pop()}"
    return "`, `".join(paths)


def _always(path: str) -> bool:
    """Whether it stands in every document, or in every object that it is part of; sub-fields stand in none."""
    fields = IndexedArticle.model_fields
    *objects, name = path.split(".")
    for part in objects:
        within = _model_of(fields[part].annotation) if part in fields else None
        fields = within.model_fields if within else {}
    return name in fields and (fields[name].is_required() or fields[name].default is not None)


def _model_of(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_of, get_args(annotation))), None)


def _choices(path: str) -> str:
    """The values of a field that has a few, from the model."""
    field = IndexedArticle.model_fields.get(path)
    for kind in (field.annotation, *get_args(field.annotation)) if field else ():
        if isinstance(kind, EnumMeta):
            return f" ({', '.join(f'`{one.value}`' for one in kind)})"  # type: ignore[var-annotated]
    return ""


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

"""The JSON Schemas of the events, as published under docs/schemas.

`python -m warta_shared.events.schemas` writes them; with `--check` it only compares, and exits 1 on drift.
"""

from __future__ import annotations

import sys
from pathlib import Path

import orjson
from pydantic import BaseModel

from warta_shared import generated
from warta_shared.events.article import EnrichedArticle, RawArticle
from warta_shared.events.dead_letter import DeadLetter

# This file lies in shared/warta_shared/events of the repository (the command is of no use elsewhere).
FOLDER = Path(__file__).resolve().parents[3] / "docs" / "schemas"
FILES: dict[str, type[BaseModel]] = {
    "raw_article.v1.json": RawArticle,
    "enriched_article.v1.json": EnrichedArticle,
    "dead_letter.v1.json": DeadLetter,
}
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_text(model: type[BaseModel]) -> str:
    """The JSON Schema (draft 2020-12) of an event as it is written."""
    schema = {"$schema": DIALECT, **model.model_json_schema(mode="serialization")}
    return orjson.dumps(schema, option=orjson.OPT_INDENT_2).decode() + "\n"


def drifted(folder: Path) -> list[str]:
    """The files that do not say what the models say."""
    return [path.name for path in generated.drifted(_files(folder))]


def _files(folder: Path) -> dict[Path, str]:
    return {folder / name: schema_text(model) for name, model in FILES.items()}


if __name__ == "__main__":
    raise SystemExit(generated.generate("warta_shared.events.schemas", _files(FOLDER), sys.argv[1:]))

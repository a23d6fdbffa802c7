"""The JSON Schemas of the events, as published under docs/schemas.

`python -m warta_shared.events.schemas FOLDER` writes them; with `--check` it only compares and exits 1 on drift.
"""

from __future__ import annotations

import sys
from pathlib import Path

import orjson
from pydantic import BaseModel

from warta_shared.events.article import EnrichedArticle, RawArticle
from warta_shared.events.dead_letter import DeadLetter

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
    return [
        name
        for name, model in FILES.items()
        if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != schema_text(model)
    ]


def main(arguments: list[str]) -> int:
    """The command."""
    check = "--check" in arguments
    folder = Path(next((a for a in arguments if not a.startswith("-")), "docs/schemas"))
    if check:
        for name in drifted(folder):
            print(
                f"{folder / name} is out of date: run `python -m warta_shared.events.schemas`",
                file=sys.stderr,
            )
        return 1 if drifted(folder) else 0
    folder.mkdir(parents=True, exist_ok=True)
    for name, model in FILES.items():
        (folder / name).write_text(schema_text(model), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

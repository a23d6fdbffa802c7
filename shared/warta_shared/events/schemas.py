"""The JSON Schemas of the events, as published under docs/schemas.

`python -m warta_shared.events.schemas` writes them; with `--check` it only compares, and exits 1 on drift.
"""

from __future__ import annotations

import sys
from pathlib import Path

import orjson
from pydantic import BaseModel

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
    return [
        name
        for name, model in FILES.items()
        if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != schema_text(model)
    ]


def main(arguments: list[str]) -> int:
    """The command: 0 written or in agreement, 1 drift, 2 usage."""
    if arguments not in ([], ["--check"]):
        print("usage: python -m warta_shared.events.schemas [--check]", file=sys.stderr)
        return 2
    if arguments:
        found = drifted(FOLDER)
        for name in found:
            print(
                f"{FOLDER / name} is out of date: run `python -m warta_shared.events.schemas`",
                file=sys.stderr,
            )
        return 1 if found else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, model in FILES.items():
        (FOLDER / name).write_text(schema_text(model), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

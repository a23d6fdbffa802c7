"""The push API's OpenAPI document; `python -m warta_ingest.push.openapi` prints, checks or writes it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson

from warta_ingest.push.article import PushedArticle
from warta_ingest.push.operations import REFERENCE, SCHEMAS, paths

TITLE = "Warta push API"
VERSION = "1"


def openapi_document() -> dict[str, Any]:
    """The whole document. The body is read by hand (streamed, capped), so it is described by hand."""
    schema = PushedArticle.model_json_schema(ref_template=REFERENCE)
    definitions = schema.pop("$defs", {})
    return {
        "openapi": "3.1.0",
        "info": {
            "title": TITLE,
            "version": VERSION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths(),
        "components": {
            "schemas": {**definitions, "PushedArticle": schema, **SCHEMAS},
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


def main(arguments: Sequence[str]) -> int:
    """Exit codes: 0 done (with --check: the file is as it should be), 1 the file differs or is missing."""
    parser = argparse.ArgumentParser(prog="python -m warta_ingest.push.openapi", description=__doc__)
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--check", type=Path, metavar="FILE", help="compare FILE with the document")
    action.add_argument("--write", type=Path, metavar="FILE", help="write the document to FILE")
    given = parser.parse_args(arguments)
    document = orjson.dumps(openapi_document(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    if given.write:
        given.write.write_bytes(document)
    elif given.check:
        if not given.check.is_file() or given.check.read_bytes() != document:
            sys.stderr.write(f"error: {given.check} is not up to date; write it anew with --write\n")
            return 1
    else:
        sys.stdout.buffer.write(document)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

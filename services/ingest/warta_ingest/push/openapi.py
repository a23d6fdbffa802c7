"""The push API's OpenAPI document; `python -m warta_ingest.push.openapi` prints, checks or writes it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson

from warta_ingest.push.article import PushedArticle
from warta_ingest.push.problem import MEDIA_TYPE, TITLES
from warta_ingest.registry.fate import Fate

TITLE = "Warta push API"
VERSION = "1"
PATH = "/v1/articles"
REFERENCE = "#/components/schemas/{model}"
DESCRIPTION = (
    "Hand in one article, a list, or one article a line (NDJSON); plain or gzip. The answer has one result for "
    "each article, in order. 202 means: Redis has every article reported as `published`. Sending the same again "
    "is harmless: it is reported as `unchanged`. Of several versions of one article in a request the last "
    "counts, the others are `superseded`."
)
RESULT = {
    "type": "object",
    "required": ["index", "status"],
    "properties": {
        "index": {"type": "integer", "minimum": 0, "description": "Place of the article in the request"},
        "id": {"type": "string", "pattern": "^[a-z2-7]{26}$"},
        "status": {"type": "string", "enum": [fate.value for fate in Fate]},
        "revision": {"type": "integer", "minimum": 1},
        "retry_after": {"type": "integer", "minimum": 1, "description": "Seconds, with revision-capped"},
        "errors": {"type": "array", "items": {"type": "string"}, "description": "With invalid"},
    },
}
RESULTS = {"type": "array", "items": {"$ref": REFERENCE.format(model="Result")}}
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "results": RESULTS,
    },
}


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
        "paths": {PATH: {"post": _operation()}},
        "components": {
            "schemas": {**definitions, "PushedArticle": schema, "Result": RESULT, "Problem": PROBLEM},
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation() -> dict[str, Any]:
    article = {"$ref": REFERENCE.format(model="PushedArticle")}
    json_body = {"oneOf": [article, {"type": "array", "items": article, "minItems": 1}]}
    statuses = (status for status in TITLES if status not in {404, 405})
    return {
        "operationId": "pushArticles",
        "summary": "Push articles",
        "description": DESCRIPTION,
        "security": [{"bearer": []}],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": json_body},
                "application/x-ndjson": {"schema": {"type": "string"}},
            },
        },
        "responses": {"202": _accepted(), **{str(status): _problem(status) for status in statuses}},
    }


def _accepted() -> dict[str, Any]:
    schema = {"type": "object", "required": ["results"], "properties": {"results": RESULTS}}
    return {"description": "One result for each article", "content": {"application/json": {"schema": schema}}}


def _problem(status: int) -> dict[str, Any]:
    headers = {}
    if status in {429, 503}:
        headers = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds"}}
    if status == 401:
        headers = {"WWW-Authenticate": {"schema": {"type": "string"}}}
    return {
        "description": TITLES[status],
        "headers": headers,
        "content": {MEDIA_TYPE: {"schema": {"$ref": REFERENCE.format(model="Problem")}}},
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

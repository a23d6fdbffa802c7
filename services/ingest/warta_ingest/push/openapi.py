"""The push API's OpenAPI document; `python -m warta_ingest.push.openapi` prints it."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from warta_ingest.push.article import PushedArticle
from warta_ingest.push.problem import TITLES
from warta_ingest.registry.publisher import Fate

PATH = "/v1/articles"
DESCRIPTION = (
    "Hand in one article, a list, or one article a line (NDJSON); plain or gzip. The answer has one result for "
    "each article, in order. 202 means: Redis has every article reported as `published`. Sending the same again "
    "is harmless: it is reported as `unchanged`."
)
RESULT = {
    "type": "object",
    "required": ["index", "status"],
    "properties": {
        "index": {"type": "integer", "minimum": 0, "description": "Place of the article in the request"},
        "id": {"type": "string", "pattern": "^[a-z2-7]{26}$"},
        "status": {"type": "string", "enum": [fate.value for fate in Fate]},
        "revision": {"type": "integer", "minimum": 1},
        "retry_after": {"type": "integer", "description": "Seconds, with revision-capped"},
        "errors": {"type": "array", "items": {"type": "string"}},
    },
}
RESULTS = {"type": "array", "items": {"$ref": "#/components/schemas/Result"}}
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


def describe(api: FastAPI) -> None:
    """Make the application answer /openapi.json with the document below."""

    def document() -> dict[str, Any]:
        if api.openapi_schema is None:
            api.openapi_schema = openapi_document(api)
        return api.openapi_schema

    api.openapi = document  # type: ignore[method-assign]  # FastAPI's documented way to extend it


def openapi_document(api: FastAPI) -> dict[str, Any]:
    """The whole document: the body is read by hand (streamed, capped), so it is described by hand."""
    document = get_openapi(title=api.title, version=api.version, routes=api.routes, openapi_version="3.1.0")
    schema = PushedArticle.model_json_schema(ref_template="#/components/schemas/{model}")
    definitions = schema.pop("$defs", {})
    article = {"$ref": "#/components/schemas/PushedArticle"}
    document["components"] = {
        "schemas": {**definitions, "PushedArticle": schema, "Result": RESULT, "Problem": PROBLEM},
        "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
    }
    operation = document["paths"][PATH]["post"]
    operation.update(
        {
            "operationId": "pushArticles",
            "summary": "Push articles",
            "description": DESCRIPTION,
            "security": [{"bearer": []}],
            "requestBody": {
                "required": True,
                "content": {
                    "application/json": {
                        "schema": {"oneOf": [article, {"type": "array", "items": article, "minItems": 1}]}
                    },
                    "application/x-ndjson": {"schema": {"type": "string"}},
                },
            },
            "responses": {"202": _accepted(), **{str(status): _problem(status) for status in TITLES}},
        }
    )
    return document


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
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }

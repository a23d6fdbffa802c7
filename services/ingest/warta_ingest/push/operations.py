"""The operations of the push API, as its OpenAPI document has them."""

from __future__ import annotations

from typing import Any

from warta_ingest.push.problem import MEDIA_TYPE, TITLES
from warta_ingest.registry.fate import Fate
from warta_shared.events.article_id import PATTERN

PATH = "/v1/articles"
STREAM_PATH = "/v1/stream"
ID_PATH = f"{PATH}/{{id}}"
REFERENCE = "#/components/schemas/{model}"
JSON, NDJSON = "application/json", "application/x-ndjson"
ID = {"type": "string", "pattern": f"^{PATTERN}$"}
INSTANT = {"type": "string", "format": "date-time"}
RESULT = {
    "type": "object",
    "required": ["index", "status"],
    "properties": {
        "index": {"type": "integer", "minimum": 0, "description": "Place of the article in the request"},
        "id": ID,
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
        "retry_after": {"type": "integer", "minimum": 1, "description": "Seconds, as the header has them"},
        "results": RESULTS,
    },
}
STATE = {
    "type": "object",
    "required": ["id", "status", "revision", "source", "first_seen_at", "observed_at"],
    "properties": {
        "id": ID,
        "status": {"type": "string", "enum": ["usable", "withdrawn"]},
        "revision": {"type": "integer", "minimum": 1},
        "source": {"type": "string", "description": "Its source's code"},
        "first_seen_at": INSTANT,
        "observed_at": {**INSTANT, "description": "When its present version was published onto the stream"},
    },
}
SCHEMAS = {"Result": RESULT, "Problem": PROBLEM, "ArticleState": STATE}

PUSH = (
    "Hand in one article, a list, or one article a line (NDJSON); plain or gzip. The answer has one result for "
    "each article, in order. 202 means: Redis has every article reported as `published`. Sending the same again "
    "is harmless: it is reported as `unchanged`. Of several versions of one article in a request the last "
    "counts, the others are `superseded`. With an Idempotency-Key a repeated request gets the answer of the "
    "first, and publishes nothing."
)
STREAM = (
    "Hand in any number of articles, one a line (NDJSON); plain or gzip. Lines are published as they come, and "
    "the answer has a line for each (Result), in order, while the request goes on: read them meanwhile or at the "
    'end. The last line is `{"end": true, "articles": n, "counts": {...}}`, with a `problem` when it ended before '
    "the request did: lines without a result were not taken, send them again. Without that last line the answer "
    "broke off. Where a key has used up its articles of a minute, reading waits."
)
LOOK = "What is known of an article: its status, revision and instants."
WITHDRAW = (
    "Withdraw an article: it stays as a withdrawn one without its text, and is found only when asked for. "
    "The answer is its state after that; again is harmless."
)
READ_ERRORS = frozenset({400, 401, 403, 404, 405, 429, 500, 503})
STREAM_ERRORS = frozenset({400, 401, 405, 415, 500, 503})
NAMES = {
    "url": "The article's URL",
    "source": "With external_id: its source's code",
    "external_id": "The pusher's own id, with which it was pushed",
}


def paths() -> dict[str, Any]:
    """The paths of the document. Bodies are read by hand (streamed, capped), so they are described by hand."""
    by_id = [{"name": "id", "in": "path", "required": True, "schema": ID}]
    by_name = [
        {"name": name, "in": "query", "schema": {"type": "string"}, "description": text}
        for name, text in NAMES.items()
    ]
    return {
        PATH: {
            "post": _push(),
            "get": _of_one("findArticle", LOOK, by_name),
            "delete": _of_one("withdrawNamedArticle", WITHDRAW, by_name),
        },
        STREAM_PATH: {"post": _stream()},
        ID_PATH: {
            "get": _of_one("getArticle", LOOK, by_id),
            "delete": _of_one("withdrawArticle", WITHDRAW, by_id),
        },
    }


def _push() -> dict[str, Any]:
    article = {"$ref": REFERENCE.format(model="PushedArticle")}
    body = {"oneOf": [article, {"type": "array", "items": article, "minItems": 1}]}
    schema = {"type": "object", "required": ["results"], "properties": {"results": RESULTS}}
    accepted = {"description": "One result for each article", "content": {JSON: {"schema": schema}}}
    key = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": r"^[!#-\[\]-~]+$"}
    return {
        **_operation("pushArticles", "Push articles", PUSH),
        "parameters": [{"name": "Idempotency-Key", "in": "header", "schema": key}],
        "requestBody": {
            "required": True,
            "content": {JSON: {"schema": body}, NDJSON: {"schema": {"type": "string"}}},
        },
    } | _answers("202", accepted, frozenset(TITLES) - {405})


def _stream() -> dict[str, Any]:
    lines = {"description": "A line for each article, and one for the end"}
    content = {NDJSON: {"schema": {"type": "string"}}}
    return {
        **_operation("streamArticles", "Push a stream of articles", STREAM),
        "requestBody": {"required": True, "content": content},
    } | _answers("200", {**lines, "content": content}, STREAM_ERRORS)


def _of_one(operation: str, text: str, parameters: list[dict[str, Any]]) -> dict[str, Any]:
    schema = {"$ref": REFERENCE.format(model="ArticleState")}
    found = {"description": "Its state", "content": {JSON: {"schema": schema}}}
    summary = text.partition(":")[0]
    return {
        **_operation(operation, summary, text),
        "parameters": parameters,
    } | _answers("200", found, READ_ERRORS)


def _operation(name: str, summary: str, text: str) -> dict[str, Any]:
    return {"operationId": name, "summary": summary, "description": text, "security": [{"bearer": []}]}


def _answers(status: str, answer: dict[str, Any], errors: frozenset[int]) -> dict[str, Any]:
    problems = {str(status): _problem(status) for status in TITLES if status in errors}
    return {"responses": {status: answer, **problems}}


def _problem(status: int) -> dict[str, Any]:
    headers = {}
    if status in {409, 429, 503}:
        headers = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds"}}
    if status == 401:
        headers = {"WWW-Authenticate": {"schema": {"type": "string"}}}
    return {
        "description": TITLES[status],
        "headers": headers,
        "content": {MEDIA_TYPE: {"schema": {"$ref": REFERENCE.format(model="Problem")}}},
    }

"""entry of articles.enriched -> document: the event's own bytes, with `indexed_at` and `stems` added.

The bytes are not serialised again: that would triple the cost of this service. They are parsed once, to be
sure that they are one JSON object on one line, so that nothing in them can be read as another request.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import orjson

from warta_index.schema.analysis import STEMMERS
from warta_index.schema.mappings import STEMMED_FIELDS
from warta_shared.events import EnrichedArticle, Entry, InvalidMessage
from warta_shared.events.article_id import is_id
from warta_shared.events.fields import BODY_MAX, SUMMARY_MAX, TITLE_MAX

KNOWN_FIELDS = frozenset(EnrichedArticle.model_fields)
REQUIRED_FIELDS = frozenset(
    name for name, field in EnrichedArticle.model_fields.items() if field.is_required()
)
TEXT_BOUNDS = {"title": TITLE_MAX, "summary": SUMMARY_MAX, "body": BODY_MAX}
VERSION_MAX = 253_402_300_799_999


@dataclass(frozen=True, slots=True)
class Document:
    """One document on its way: `_id`, external version (ms since 1970) and the JSON on one line.

    `published_at` (RFC 3339, '' for none) and the code of its `source`, as the event has them.
    """

    id: str
    version: int
    body: bytes
    published_at: str = ""
    source: str = ""


def build_document(entry: Entry, indexed_at: datetime) -> Document:
    """The document of an entry; raises InvalidMessage when it can never become one."""
    event = _parse(entry.body)
    _check_fields(event)
    _check_texts(event)
    if not is_id(entry.id) or event["id"] != entry.id:
        raise InvalidMessage("id-mismatch", "the entry's id is not the event's")
    return Document(
        entry.id,
        _version(entry, event),
        _splice(entry.body, event, indexed_at),
        str(event.get("published_at") or ""),
        _source(event),
    )


def stemmed(article: Mapping[str, Any]) -> dict[str, Any]:
    """What is searched by its stems and is no part of the document: the texts, under their own language alone."""
    language = article["language"].partition("-")[0]
    if language not in STEMMERS:
        return {}
    return {"stems": {language: {field: article[field] for field in STEMMED_FIELDS if article.get(field)}}}


def _parse(body: bytes) -> dict[str, Any]:
    """JSON needs no line breaks, and Elasticsearch's bulk format takes each for the end of a document."""
    if b"\n" in body or b"\r" in body:
        raise InvalidMessage("not-one-line", "the body holds a line break outside of a string")
    try:
        event = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise InvalidMessage("not-json", str(error)[:200]) from error
    if not isinstance(event, dict) or not body.endswith(b"}"):
        raise InvalidMessage("not-an-object", "the body must be one JSON object and nothing else")
    return event


def _check_fields(event: Mapping[str, Any]) -> None:
    if not event.keys() <= KNOWN_FIELDS:
        raise InvalidMessage("unknown-field", f"{sorted(event.keys() - KNOWN_FIELDS)[:5]!r:.300}")
    if not event.keys() >= REQUIRED_FIELDS:
        raise InvalidMessage("missing-field", ", ".join(sorted(REQUIRED_FIELDS - event.keys())))


def _check_texts(event: Mapping[str, Any]) -> None:
    if not isinstance(event["language"], str):
        raise InvalidMessage("invalid-event", "language is no text")
    for field, most in TEXT_BOUNDS.items():
        text = event.get(field)
        if not isinstance(text, str) and (text is not None or field in REQUIRED_FIELDS):
            raise InvalidMessage("invalid-event", f"{field} is no text")
        if text is not None and len(text) > most:
            raise InvalidMessage("field-too-large", f"{field} has {len(text)} characters, at most {most}")


def _version(entry: Entry, event: Mapping[str, Any]) -> int:
    version = event["observed_at"]
    if type(version) is not int or not 0 <= version <= VERSION_MAX:
        raise InvalidMessage("invalid-event", "observed_at is no time in milliseconds since 1970")
    if entry.observed_at not in (None, version):
        raise InvalidMessage("version-mismatch", "the entry's observed_at is not the event's")
    return version


def _source(event: Mapping[str, Any]) -> str:
    """Elasticsearch is the judge of what is no object; here it only has no code."""
    source = event["source"]
    return str(source.get("id", "")) if isinstance(source, dict) else ""


def _splice(body: bytes, event: Mapping[str, Any], indexed_at: datetime) -> bytes:
    """`{...}` -> `{...,"indexed_at":...,"stems":{...}}`; the object is not empty, so the comma is right."""
    parts: list[bytes | memoryview] = [memoryview(body)[:-1], _indexed_at(indexed_at)]
    if stems := stemmed(event):
        parts += b",", memoryview(orjson.dumps(stems))[1:-1]
    parts.append(b"}")
    return b"".join(parts)


@lru_cache(maxsize=1)
def _indexed_at(moment: datetime) -> bytes:
    """The same for a whole batch."""
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return b',"indexed_at":"%b"' % text.encode("ascii")

"""entry of articles.enriched -> document: the event's own bytes, with `indexed_at` and `stems` added.

The bytes are not serialised again: that would triple the cost of this service. They are read once, to be
sure that they are one JSON object on one line, so that nothing in them can be read as another request.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import orjson

from warta_index.outline import EventOutline, read_outline
from warta_index.schema.analysis import STEMMERS
from warta_index.schema.mappings import STEMMED_FIELDS
from warta_shared.events import Entry, InvalidMessage
from warta_shared.events.article_id import is_id


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
    _check_line(entry.body)
    event = read_outline(entry.body)
    if not is_id(entry.id) or event.id != entry.id:
        raise InvalidMessage("id-mismatch", "the entry's id is not the event's")
    if entry.observed_at not in (None, event.observed_at):
        raise InvalidMessage("version-mismatch", "the entry's observed_at is not the event's")
    return Document(
        entry.id,
        event.observed_at,
        _splice(entry.body, event, indexed_at),
        event.published_at or "",
        event.source.id,
    )


def stemmed(language: str, texts: Mapping[str, Any]) -> dict[str, Any]:
    """What is searched by its stems and is no part of the document: the texts, under their own language alone."""
    code = language.partition("-")[0]
    if code not in STEMMERS:
        return {}
    return {"stems": {code: {field: texts[field] for field in STEMMED_FIELDS if texts.get(field)}}}


def _check_line(body: bytes) -> None:
    """JSON needs no line breaks, and Elasticsearch's bulk format takes each for the end of a document."""
    if b"\n" in body or b"\r" in body:
        raise InvalidMessage("not-one-line", "the body holds a line break outside of a string")
    if not body.endswith(b"}"):
        raise InvalidMessage("not-an-object", "the body must be one JSON object and nothing else")


def _splice(body: bytes, event: EventOutline, indexed_at: datetime) -> bytes:
    """`{...}` -> `{...,"indexed_at":...,"stems":{...}}`; the object is not empty, so the comma is right."""
    parts: list[bytes | memoryview] = [memoryview(body)[:-1], _indexed_at(indexed_at)]
    texts = {"title": event.title, "summary": event.summary, "body": event.body}
    if stems := stemmed(event.language, texts):
        parts += b",", memoryview(orjson.dumps(stems))[1:-1]
    parts.append(b"}")
    return b"".join(parts)


@lru_cache(maxsize=1)
def _indexed_at(moment: datetime) -> bytes:
    """The same for a whole batch."""
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return b',"indexed_at":"%b"' % text.encode("ascii")

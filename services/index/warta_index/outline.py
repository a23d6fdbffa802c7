"""bytes of an event -> what the index looks at in it; the rest is seen to be JSON and stays as it is.

The event's bytes become the document, so nothing but a few fields is ever needed of them. Making objects of the
others would triple the cost: msgspec skips them (https://jcristharif.com/msgspec/perf-tips.html).
"""

from __future__ import annotations

import re
from typing import Annotated, Any

import msgspec
import orjson
from msgspec import Meta, Raw, Struct, field

from warta_shared.events import EnrichedArticle, InvalidMessage
from warta_shared.events.fields import BODY_MAX, MILLISECONDS_MAX, SUMMARY_MAX, TITLE_MAX

SURROGATE = re.compile(rb"\\u[dD]")
"""Nobody needs to write one; whether there are two that belong together, the stricter parser knows."""


class SourceOutline(Struct, gc=False):
    """The operator's short code."""

    id: str = ""


class EventOutline(Struct, gc=False, kw_only=True):
    """The fields of an EnrichedArticle that decide what becomes of it, within the bounds of the event."""

    id: str
    observed_at: Annotated[int, Meta(ge=0, le=MILLISECONDS_MAX)]
    language: str
    title: Annotated[str, Meta(max_length=TITLE_MAX)]
    summary: Annotated[str, Meta(max_length=SUMMARY_MAX)] | None = None
    body: Annotated[str, Meta(max_length=BODY_MAX)]
    published_at: str | None = None
    # The only numbers of strangers: what no reader could read is refused here.
    extensions: dict[str, Any] = field(default_factory=dict)
    source: SourceOutline


_SKIPPED = [
    (name, Raw) if field.is_required() else (name, Raw, Raw())
    for name, field in EnrichedArticle.model_fields.items()
    if name not in EventOutline.__struct_fields__
]
_WHOLE = msgspec.defstruct(
    "Event", _SKIPPED, bases=(EventOutline,), gc=False, kw_only=True, forbid_unknown_fields=True
)
_DECODER: msgspec.json.Decoder[EventOutline] = msgspec.json.Decoder(_WHOLE)


def read_outline(body: bytes) -> EventOutline:
    """The outline of one JSON object; raises InvalidMessage (`not-json`, `invalid-event`)."""
    try:
        _check_text(body)
        return _DECODER.decode(body)
    except msgspec.ValidationError as error:
        raise InvalidMessage("invalid-event", str(error)[:300]) from error
    except (msgspec.DecodeError, UnicodeDecodeError, orjson.JSONDecodeError, RecursionError) as error:
        raise InvalidMessage("not-json", str(error)[:200]) from error


def _check_text(body: bytes) -> None:
    """What is skipped may hold bytes that are no UTF-8, or half a surrogate pair, at which readers would fail."""
    body.decode()
    if SURROGATE.search(body):
        orjson.loads(body)

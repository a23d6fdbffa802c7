"""The form of an event on a stream: five plain fields that any language can read and write (docs/events.md)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar

import orjson
from pydantic import BaseModel, ValidationError

from warta_shared.events.traceparent import read_traceparent

FIELD_NAMES = (b"v", b"id", b"observed_at", b"traceparent", b"body")
SUPPORTED_VERSIONS = frozenset({b"1"})
# More than the largest raw article that is valid: 1.6 M characters at 6 bytes (a control character as \uXXXX).
BODY_BYTES_MAX = 16_000_000
ID_MAX = 128
# Of objects' fields and lists' items together. Each may be an error, and errors cost 2 kB and 8 us apiece.
ITEMS_MAX = 50_000

_VERSION = re.compile(rb"[0-9]{1,15}")

EventT = TypeVar("EventT", bound=BaseModel)


class InvalidMessage(Exception):
    """It can never succeed: the message goes to the dead letters with this reason.

    `reason` is a bounded label (log line, metric, dead letter); `detail` tells a person more.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Entry:
    """One stream entry.

    `v` schema version; `id` article id; `observed_at` external version in ms (empty where there is none);
    `traceparent` W3C Trace Context or empty; `body` the event as JSON bytes.
    """

    id: str
    body: bytes
    observed_at: int | None = None
    traceparent: str = ""
    v: bytes = b"1"

    def values(self) -> tuple[bytes, ...]:
        """What stands in the fields, in the order of FIELD_NAMES."""
        version = b"" if self.observed_at is None else str(self.observed_at).encode()
        return self.v, self.id.encode(), version, self.traceparent.encode(), self.body

    def fields(self) -> tuple[bytes, ...]:
        """The entry as XADD takes it: name, value, name, value ..."""
        return tuple(chain.from_iterable(zip(FIELD_NAMES, self.values(), strict=True)))

    @classmethod
    def from_fields(cls, fields: Mapping[bytes, bytes]) -> Entry:
        """Read what anyone wrote; raises InvalidMessage when it is no entry that this release can read."""
        body = fields.get(b"body")
        if body is None:
            raise InvalidMessage("not-an-entry", f"fields are {sorted(fields)!r:.200}")
        if fields.get(b"v") not in SUPPORTED_VERSIONS:
            raise InvalidMessage("unknown-schema-version", f"v is {fields.get(b'v')!r:.40}")
        if len(body) > BODY_BYTES_MAX:
            raise InvalidMessage("body-too-large", f"{len(body)} bytes, at most {BODY_BYTES_MAX}")
        try:
            identity = fields[b"id"].decode("ascii")
            version = fields.get(b"observed_at", b"")
            if len(identity) > ID_MAX or (version and not _VERSION.fullmatch(version)):
                raise InvalidMessage("not-an-entry", "id or observed_at is not what it should be")
        except (KeyError, UnicodeDecodeError) as error:
            raise InvalidMessage("not-an-entry", f"id: {error}"[:200]) from error
        return cls(
            id=identity,
            body=body,
            observed_at=int(version) if version else None,
            traceparent=read_traceparent(fields.get(b"traceparent", b"").decode("ascii", "replace")),
            v=fields[b"v"],
        )


def decode_event(entry: Entry, model: type[EventT]) -> EventT:
    """The event in an entry's body; raises InvalidMessage naming the first fields that are wrong."""
    refuse_flood(entry.body)
    try:
        event = model.model_validate_json(entry.body)
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, e['loc']))[:200]}: {e['msg'][:200]}"
            for e in error.errors(include_input=False, include_url=False, include_context=False)[:5]
        )
        raise InvalidMessage("invalid-event", problems[:1_000]) from error
    if getattr(event, "id", entry.id) != entry.id:
        raise InvalidMessage("id-mismatch", "the entry's id is not the event's")
    return event


def refuse_flood(body: bytes) -> None:
    """Raise InvalidMessage for JSON of more fields and items than any event has: each could be an error to tell.

    Cheap for everything else: so many items need as many commas, and as many bytes.
    """
    if len(body) < ITEMS_MAX or body.count(b",") < ITEMS_MAX:
        return
    try:
        waiting, items = [orjson.loads(body)], 0
    except orjson.JSONDecodeError as error:
        raise InvalidMessage("invalid-event", str(error)[:200]) from error
    while waiting and items < ITEMS_MAX:
        value = waiting.pop()
        if isinstance(value, dict | list):
            items += len(value)
            waiting += (value.values() if isinstance(value, dict) else value) if items < ITEMS_MAX else ()
    if items >= ITEMS_MAX:
        raise InvalidMessage("invalid-event", f"more than {ITEMS_MAX} fields and items")

"""The form of an event on a stream: five plain fields that any language can read and write (docs/events.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel, ValidationError

SUPPORTED_VERSIONS = frozenset({b"1"})
BODY_BYTES_MAX = 8_000_000

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

    def fields(self) -> tuple[bytes, ...]:
        """The entry as XADD takes it: name, value, name, value ..."""
        version = b"" if self.observed_at is None else str(self.observed_at).encode()
        return (
            b"v", self.v, b"id", self.id.encode(), b"observed_at", version,
            b"traceparent", self.traceparent.encode(), b"body", self.body,
        )  # fmt: skip

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
            return cls(
                id=fields[b"id"].decode("ascii"),
                body=body,
                observed_at=int(fields[b"observed_at"]) if fields.get(b"observed_at") else None,
                traceparent=fields.get(b"traceparent", b"").decode("ascii"),
                v=fields[b"v"],
            )
        except (KeyError, ValueError) as error:
            raise InvalidMessage("not-an-entry", str(error)[:200]) from error


def decode_event(entry: Entry, model: type[EventT]) -> EventT:
    """The event in an entry's body; raises InvalidMessage naming the first fields that are wrong."""
    try:
        event = model.model_validate_json(entry.body)
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_input=False)[:5]
        )
        raise InvalidMessage("invalid-event", problems[:1_000]) from error
    if getattr(event, "id", entry.id) != entry.id:
        raise InvalidMessage("id-mismatch", "the entry's id is not the event's")
    return event

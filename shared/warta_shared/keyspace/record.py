"""A key as a line of JSON: people can read what is text, and any program the rest.

`{"key": "feed:kabar-rss", "kind": "hash", "ttl": 86400000, "values": ["etag", "\"a\"", ...]}`: `values` are fields
and values in turn, of a sorted set members and scores, of a string the one. `ttl`: milliseconds that were left. Bytes
that are no UTF-8 stand as `{"base64": ...}`. An entry of a stream is a line of its own with its `id`.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import orjson


class Kind(StrEnum):
    """What Redis calls its types; of streams one entry a record."""

    STRING = "string"
    HASH = "hash"
    SORTED_SET = "zset"
    ENTRY = "stream"


class UnreadableRecord(ValueError):
    """A line that is no record."""


@dataclass(frozen=True, slots=True)
class Record:
    """A key, or as much of it as fits on a line. `ttl` in ms, None for ever; `id` of entries alone."""

    key: str
    kind: Kind
    values: tuple[bytes, ...]
    ttl: int | None = None
    id: str = ""

    def line(self) -> bytes:
        """With its line break."""
        content: dict[str, Any] = {"key": self.key, "kind": self.kind.value}
        if self.ttl is not None:
            content["ttl"] = self.ttl
        if self.id:
            content["id"] = self.id
        content["values"] = [_shown(value) for value in self.values]
        return orjson.dumps(content, option=orjson.OPT_APPEND_NEWLINE)

    @classmethod
    def read(cls, line: bytes) -> Record:
        """The counterpart of `line`; raises UnreadableRecord."""
        try:
            content = orjson.loads(line)
            values = tuple(_bytes(value) for value in content["values"])
            return cls(
                str(content["key"]), Kind(content["kind"]), values, content.get("ttl"), content.get("id", "")
            )
        except (ValueError, KeyError, TypeError, AttributeError, binascii.Error) as error:
            raise UnreadableRecord(f"{line[:80]!r}") from error


def _shown(value: bytes) -> str | dict[str, str]:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(value).decode()}


def _bytes(value: str | dict[str, str]) -> bytes:
    return value.encode() if isinstance(value, str) else base64.b64decode(value["base64"], validate=True)

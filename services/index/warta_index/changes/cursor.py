"""Where a reader of changes is: opaque to it, and good on any machine."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, replace

import orjson

VERSION = 1
LENGTH_MAX = 20_000
NOTHING = -1
"""The sequence number before the first."""


class CursorError(ValueError):
    """It is no cursor of ours."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """`index` is the uuid of the index, `seen` the last sequence number by shard.

    An index may take the place of another (`warta reindex`), and numbers anew. Then `newest`, the greatest `indexed_at`
    that was seen, tells what is old there; `floor` is that bound in this index, until `whole` says that everything
    up to some checkpoint was seen. Both in ms since 1970.
    """

    index: str = ""
    seen: tuple[int, ...] = ()
    newest: int = 0
    floor: int = 0
    whole: bool = False

    def at(self, shard: int, seen: int, newest: int) -> Cursor:
        """After another page of a shard."""
        shards = (*self.seen[:shard], seen, *self.seen[shard + 1 :])
        return replace(self, seen=shards, newest=max(self.newest, newest))

    def written(self) -> str:
        """As a reader keeps it."""
        content = orjson.dumps([VERSION, self.index, self.newest, self.floor, self.whole, *self.seen])
        return base64.urlsafe_b64encode(content).decode().rstrip("=")


def read_cursor(written: str) -> Cursor:
    """The counterpart of `written`; raises CursorError."""
    try:
        content = orjson.loads(
            base64.b64decode(written[:LENGTH_MAX] + "=" * (-len(written) % 4), b"-_", True)
        )
        version, index, newest, floor, whole, *seen = content
    except (ValueError, TypeError) as error:
        raise CursorError(f"no cursor: {written[:80]!r}") from error
    if version != VERSION or not isinstance(index, str) or not isinstance(whole, bool):
        raise CursorError(f"no cursor of this release: {written[:80]!r}")
    if not _numbers([newest, floor, *seen]):
        raise CursorError(f"no cursor: {written[:80]!r}")
    return Cursor(index, tuple(seen), newest, floor, whole)


def _numbers(values: Sequence[object]) -> bool:
    return all(type(value) is int and NOTHING <= value < 2**63 for value in values)

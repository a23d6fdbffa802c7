"""What the registry knows of an article: its last published version."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from warta_shared.registry.packing import Reader, Writer

# Where the records of articles and pages lie (delivery/markers.py).
NAME = "registry"
# The first byte of a record: its version, which changes with the format, and what it holds.
VERSION = 1
ARTICLE, PAGE = 1, 2
# Of the content's hash, in hex digits: of one article's versions, two that differ share it once in 2**64.
HASH_DIGITS = 16
_FACTS_BYTES = 4
HOUR_MS = 3_600_000
_WITHDRAWN, _REVISED, _LOST = 1, 2, 4


@dataclass(frozen=True, slots=True)
class Known:
    """The last published version. Instants in ms since 1970; `hour` is hours since 1970, for the revision cap.

    `source` is its source's code, `withdrawn` whether its status is withdrawn. `lost`: its text is nowhere any more
    (`warta audit --repair`), so that the next sight of it is published, the same text too.
    """

    revision: int
    observed_at: int
    first_seen_at: int
    content_hash: str
    facts_hash: str
    hour: int
    revisions_in_hour: int
    source: str
    withdrawn: bool = False
    lost: bool = False

    def write(self, to: Writer) -> None:
        """Of an article that is still in its first version, nothing that follows from the rest."""
        hour = self.observed_at // HOUR_MS
        first = (1, self.observed_at, hour, 0)
        revised = (self.revision, self.first_seen_at, self.hour, self.revisions_in_hour) != first
        to.number(_WITHDRAWN * self.withdrawn | _REVISED * revised | _LOST * self.lost, 1)
        to.number(self.observed_at, 6)
        to.raw(bytes.fromhex(self.content_hash))
        to.raw(bytes.fromhex(self.facts_hash))
        to.sized(self.source.encode())
        if revised:
            to.number(self.revision, 4)
            to.number(self.first_seen_at, 6)
            to.number(self.hour, 4)
            to.number(self.revisions_in_hour, 4)

    @classmethod
    def read(cls, given: Reader) -> Known:
        """The counterpart of `write`; raises ValueError."""
        flags = given.number(1)
        observed_at = given.number(6)
        content_hash = given.raw(HASH_DIGITS // 2).hex()
        facts_hash = given.raw(_FACTS_BYTES).hex()
        source = given.sized().decode("ascii")
        revision, first_seen_at, hour, in_hour = 1, observed_at, observed_at // HOUR_MS, 0
        if flags & _REVISED:
            revision, first_seen_at = given.number(4), given.number(6)
            hour, in_hour = given.number(4), given.number(4)
        return cls(
            revision,
            observed_at,
            first_seen_at,
            content_hash,
            facts_hash,
            hour,
            in_hour,
            source,
            withdrawn=bool(flags & _WITHDRAWN),
            lost=bool(flags & _LOST),
        )


def facts_hash(facts: Sequence[object]) -> str:
    """Of what counts besides title and body, the status first: differs where one of these differs."""
    return hashlib.sha256(orjson.dumps(facts)).hexdigest()[: 2 * _FACTS_BYTES]


def known_article(packed: bytes) -> Known | None:
    """The article of a record; None where it holds none, or was written by no release of Warta."""
    given = Reader(packed)
    try:
        holds = given.number(1)
        return Known.read(given) if holds >> 4 == VERSION and holds & ARTICLE else None
    except ValueError:
        return None


def with_article(packed: bytes, known: Known) -> bytes:
    """The record with this article in the place of its own; what it holds of a page stays."""
    given, holds = Reader(packed), ARTICLE
    try:
        head = given.number(1)
        if head >> 4 == VERSION:
            holds |= head & PAGE
            if head & ARTICLE:
                Known.read(given)
        page = given.rest() if holds & PAGE else b""
    except ValueError:
        holds, page = ARTICLE, b""
    to = Writer()
    to.number(VERSION << 4 | holds, 1)
    known.write(to)
    to.raw(page)
    return to.done()

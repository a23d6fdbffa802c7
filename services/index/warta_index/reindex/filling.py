"""All articles of one index into another, which gets every new one at the same time."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from warta_index.bulk import GREATER
from warta_index.connection import Connection
from warta_index.document import Document, stemmed
from warta_index.reindex.standing import Building, remember
from warta_index.results import Rejected, Unavailable
from warta_index.scan import EVERYTHING, every
from warta_index.schema.names import MIRROR_ALIAS
from warta_index.setup.part import SetupError
from warta_index.writer import BulkLimits, BulkWriter
from warta_shared.delivery.patience import Pace

Json = dict[str, Any]

PAGE = 500
LIMITS = BulkLimits(docs=PAGE, bytes=8_000_000, in_flight=2, request_timeout=30.0, deadline=120.0)
REMEMBER_SECONDS = 5.0
SHOWN_MAX = 20


@dataclass(slots=True)
class Refusals:
    """How many articles the new index refused, and the first of them with Elasticsearch's reason."""

    number: int = 0
    shown: list[tuple[str, str]] = field(default_factory=list)

    def add(self, identity: str, reason: str) -> None:
        """One more."""
        self.number += 1
        if len(self.shown) < SHOWN_MAX:
            self.shown.append((identity, reason))


@dataclass(frozen=True, slots=True)
class Filling:
    """`moved` is told how many are copied and how many there are; `rate`: articles a second, 0 for no limit."""

    connection: Connection
    source: str
    target: str
    moved: Callable[[int, int], None]
    rate: float = 0.0

    async def run(self, building: Building) -> Refusals:
        """Go on behind `building.after`; raises SearchError, UnreachableError, SetupError.

        An article that is there in this version already, written by the index service, stays as it is: a copy is
        never newer.
        """
        writer = BulkWriter(self.connection, LIMITS, MIRROR_ALIAS, versions=GREATER)
        refusals, saved, total, pace = Refusals(), time.monotonic(), 0, Pace(self.rate)

        def matched(number: int) -> None:
            nonlocal total
            total = number

        pages = every(
            self.connection, EVERYTHING, index=self.source, after=building.after, size=PAGE, matched=matched
        )
        async with aclosing(pages):
            async for page in pages:
                await pace.wait(len(page))
                await _write(writer, page, refusals)
                building = replace(building, after=page[-1]["id"], copied=building.copied + len(page))
                self.moved(building.copied, total)
                if time.monotonic() - saved > REMEMBER_SECONDS:
                    await remember(self.connection, self.target, building)
                    saved = time.monotonic()
        if not refusals.number:
            await remember(self.connection, self.target, replace(building, done=True))
        return refusals


async def _write(writer: BulkWriter, page: Sequence[Json], refusals: Refusals) -> None:
    for article, result in zip(page, await writer.write([_document(one) for one in page]), strict=True):
        if isinstance(result, Unavailable):
            raise SetupError(
                f"could not copy {article['id']}: {result.reason} {result.detail}; run the same again"
            )
        if isinstance(result, Rejected):
            refusals.add(article["id"], f"{result.reason}: {result.detail}"[:300])


def _document(article: Json) -> Document:
    """As the index service writes it; stems are searched, but not kept in a document."""
    return Document(
        article["id"], article["observed_at"], orjson.dumps(article | stemmed(article["language"], article))
    )

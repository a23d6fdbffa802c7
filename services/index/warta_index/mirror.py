"""Whether everything is written to a second index as well: one that takes, or gives up, the place of the first."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from warta_index.connection import Connection, UnreachableError
from warta_index.results import ItemResult, Rejected, Unavailable
from warta_index.schema.names import MIRROR_ALIAS
from warta_shared.telemetry import metrics

log = logging.getLogger(__name__)

KNOWN_FOR_SECONDS = 3.0
"""Nothing is written on knowledge that is older: `warta reindex` waits longer than that before it copies."""

ABSENT = 404


class Mirror:
    """Looks at the alias, and remembers for a moment what was there."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lock = asyncio.Lock()
        self._there = False
        self._until = 0.0

    async def index(self) -> str | None:
        """What to write to as well, None for nothing; raises UnreachableError when that cannot be told."""
        async with self._lock:
            now = asyncio.get_running_loop().time()
            if now >= self._until:
                reply = await self._connection.ask("GET", f"/_alias/{MIRROR_ALIAS}")
                if not reply.ok and reply.status != ABSENT:
                    kind, explanation = reply.error()
                    raise UnreachableError("mirror-unknown", f"{reply.status} {kind}: {explanation}"[:300])
                self._there, self._until = reply.ok, now + KNOWN_FOR_SECONDS
        return MIRROR_ALIAS if self._there else None

    def joined(self, results: Sequence[ItemResult]) -> list[ItemResult]:
        """One result a document out of two: what may yet succeed in one of both is not done.

        A document that the second index will never take is no fault of the first: it is told, `warta reindex` finds
        that the two differ, and does not put the second in the place of the first.
        """
        pairs = list(zip(results[::2], results[1::2], strict=True))
        if refused := [copy for _, copy in pairs if isinstance(copy, Rejected)]:
            metrics.MIRROR_REFUSED.inc(len(refused))
            log.warning("mirror-refused", extra={"documents": len(refused), "error": refused[0].detail[:300]})
        return [self._one(first, copy) for first, copy in pairs]

    def _one(self, first: ItemResult, copy: ItemResult) -> ItemResult:
        if isinstance(first, Unavailable) or not isinstance(copy, Unavailable):
            return first
        if copy.reason == "missing-alias":  # it was taken away meanwhile
            self._until = 0.0
            return first
        return copy

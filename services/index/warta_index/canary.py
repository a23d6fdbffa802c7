"""When the canary can be found: its document is written once more, with an answer only after the next refresh.

Elasticsearch answers such a request (`refresh=wait_for`) when searches see what was written, and needs no right to
read for it. The batch that brought the canary does not wait.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from warta_index.bulk import FILTER_PATH, encode_request, read_reply
from warta_index.connection import NDJSON, Connection, UnreachableError
from warta_index.document import Document
from warta_index.results import Indexed, ItemResult
from warta_index.schema import WRITE_ALIAS
from warta_shared.canary import SOURCE
from warta_shared.telemetry import metrics

log = logging.getLogger(__name__)

TARGET = f"/{WRITE_ALIAS}/_bulk?require_alias=true&refresh=wait_for&filter_path={FILTER_PATH}"
# The refresh interval is an operator's setting.
LONGEST_SECONDS = 120.0


class CanaryWatch:
    """Leaving it ends the waiting."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._waiting: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._waiting:
            task.cancel()
        await asyncio.gather(*self._waiting, return_exceptions=True)

    def look(self, documents: Sequence[Document], results: Sequence[ItemResult]) -> None:
        """Begin to wait for each canary among what was written."""
        for document, result in zip(documents, results, strict=True):
            if document.source == SOURCE and isinstance(result, Indexed):
                task = asyncio.create_task(self._wait(document), name="canary")
                self._waiting.add(task)
                task.add_done_callback(self._waiting.discard)

    async def _wait(self, document: Document) -> None:
        """Observe the time since its version, which is when it was published; newer ones have overtaken it."""
        try:
            reply = await self._connection.request(
                "POST", TARGET, encode_request([document]), content_type=NDJSON, within=LONGEST_SECONDS
            )
        except UnreachableError as error:
            log.info("canary-not-seen", extra={"error": str(error)[:300]})
            return
        if isinstance(read_reply(reply, 1)[0], Indexed):
            now = time.time()
            metrics.CANARY_SECONDS.observe(max(0.0, now - document.version / 1000))
            metrics.CANARY_ARRIVED.set(now)

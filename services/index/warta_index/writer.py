"""documents -> Elasticsearch, by bulk requests; says what became of each, repeats what may yet succeed."""

from __future__ import annotations

import asyncio
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from warta_index.bulk import (
    FILTER_PATH,
    GREATER_OR_EQUAL,
    encode_request,
    read_refusal,
    read_reply,
    split,
)
from warta_index.connection import NDJSON, Connection, UnreachableError
from warta_index.document import Document
from warta_index.mirror import Mirror
from warta_index.results import ItemResult, Unavailable
from warta_index.schema import WRITE_ALIAS
from warta_index.settings import IndexSettings

SMALLEST_SHARE = 200
"""A batch is spread over the requests in flight, but not into requests smaller than this: each costs a millisecond."""

FIRST_DELAY, LONGEST_DELAY = 0.1, 5.0
"""Seconds before the first repetition; doubled each time, and shortened at random by up to a half."""

CHANCE = random.SystemRandom()

NEEDS_MENDING = frozenset({"wrong-key", "forbidden", "missing-alias", "write-blocked", "index-closed", "tls"})
"""Reasons that no repetition within seconds can cure: handed back at once."""

DIVISIBLE = frozenset({400, 413})
"""Refused as a whole because of something in it: divided until the culprit stands alone."""


@dataclass(frozen=True, slots=True)
class BulkLimits:
    """Per request: documents, bytes, seconds; `in_flight` requests at once; `deadline` seconds for a batch."""

    docs: int = 500
    bytes: int = 5_000_000
    in_flight: int = 2
    request_timeout: float = 10.0
    deadline: float = 15.0

    @classmethod
    def of(cls, settings: IndexSettings) -> BulkLimits:
        """The limits that the operator set."""
        return cls(
            docs=settings.bulk_docs,
            bytes=settings.bulk_bytes,
            in_flight=settings.bulk_in_flight,
            request_timeout=settings.elasticsearch_timeout,
            deadline=settings.write_deadline,
        )


class BulkWriter:
    """Writes into one alias, and into the index of `mirror` where there is one.

    Any number of batches may be written at the same time. `versions`: bulk.GREATER_OR_EQUAL or GREATER.
    `trouble` is why the last request failed as a whole, None after one that did not.
    """

    def __init__(
        self,
        connection: Connection,
        limits: BulkLimits,
        alias: str = WRITE_ALIAS,
        *,
        mirror: Mirror | None = None,
        versions: bytes = GREATER_OR_EQUAL,
    ) -> None:
        self._mirror = mirror
        self._versions = versions
        self.trouble: Unavailable | None = None
        self._connection = connection
        self._limits = limits
        self._slots = asyncio.Semaphore(limits.in_flight)
        self._target = f"/{alias}/_bulk?require_alias=true&filter_path={FILTER_PATH}"

    async def write(self, documents: Sequence[Document], within: float | None = None) -> list[ItemResult]:
        """One result for each document, in order, within so many seconds (default: the limits' deadline).

        What may succeed soon is sent again, alone, with growing pauses; what is still `Unavailable` at the
        end goes back to the caller.
        """
        deadline = _now() + (self._limits.deadline if within is None else within)
        results: list[ItemResult] = [Unavailable("timeout", "not sent")] * len(documents)
        pending = list(range(len(documents)))
        delay = FIRST_DELAY
        while True:
            written = await self._write_once([documents[i] for i in pending], deadline)
            for place, result in zip(pending, written, strict=True):
                results[place] = result
            pending = [place for place in pending if _worth_repeating(results[place])]
            pause = delay * (1 - CHANCE.random() / 2)
            if not pending or _now() + pause >= deadline:
                return results
            await asyncio.sleep(pause)
            delay = min(delay * 2, LONGEST_DELAY)

    async def _write_once(self, documents: Sequence[Document], deadline: float) -> list[ItemResult]:
        share = max(SMALLEST_SHARE, math.ceil(len(documents) / self._limits.in_flight))
        chunks = split(documents, min(share, self._limits.docs), self._limits.bytes)
        written = await asyncio.gather(*(self._write_chunk(chunk, deadline) for chunk in chunks))
        return [result for chunk_results in written for result in chunk_results]

    async def _write_chunk(self, chunk: list[Document], deadline: float) -> list[ItemResult]:
        async with self._slots:
            seconds = min(self._limits.request_timeout, deadline - _now())
            if seconds <= 0:
                return [Unavailable("timeout", "no time left to send it")] * len(chunk)
            # Elasticsearch gives up waiting for a shard before we give up waiting for Elasticsearch.
            target = f"{self._target}&timeout={math.ceil(seconds * 500)}ms"
            try:
                also = await self._mirror.index() if self._mirror else None
                body = encode_request(chunk, also, self._versions)
                reply = await self._connection.request(
                    "POST", target, body, content_type=NDJSON, within=seconds
                )
            except UnreachableError as error:
                self.trouble = Unavailable(error.reason, error.detail)
                return [self.trouble] * len(chunk)
        if reply.status not in DIVISIBLE:
            results = read_reply(reply, len(chunk) * (2 if also else 1))
            if self._mirror and also:
                results = self._mirror.joined(results)
            self.trouble = _common_trouble(results)
            return results
        if len(chunk) == 1:
            return [read_refusal(reply)]
        middle = len(chunk) // 2
        return await self._write_chunk(chunk[:middle], deadline) + await self._write_chunk(
            chunk[middle:], deadline
        )


def _worth_repeating(result: ItemResult) -> bool:
    return isinstance(result, Unavailable) and result.reason not in NEEDS_MENDING


def _common_trouble(results: Sequence[ItemResult]) -> Unavailable | None:
    """The trouble that all share: that is not about any one document."""
    first = results[0]
    if isinstance(first, Unavailable) and first.systemic and all(type(r) is Unavailable for r in results):
        return first
    return None


def _now() -> float:
    return asyncio.get_running_loop().time()

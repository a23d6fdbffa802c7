"""The handler of the index hop: entries to documents, documents to Elasticsearch, results to outcomes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from warta_index.canary import CanaryWatch
from warta_index.document import Document, build_document
from warta_index.freshness import tell_freshness
from warta_index.results import Indexed, ItemResult, Rejected, Superseded, Unavailable
from warta_index.writer import BulkWriter
from warta_shared.delivery.outcome import Dead, Done, Message, Outcome, Retry
from warta_shared.events import InvalidMessage


@dataclass(frozen=True, slots=True)
class IndexHandler:
    """Acknowledges nothing that Elasticsearch has not answered for."""

    writer: BulkWriter
    canary: CanaryWatch

    async def __call__(self, messages: Sequence[Message]) -> list[Outcome]:
        """One outcome a message, in order."""
        now = datetime.now(UTC)
        built = [_built(message, now) for message in messages]
        documents = [item for item in built if isinstance(item, Document)]
        written = await self.writer.write(documents) if documents else []
        tell_freshness(documents, written, time.time())
        self.canary.look(documents, written)
        results = iter(written)
        return [outcome_of(next(results)) if isinstance(item, Document) else item for item in built]


def _built(message: Message, now: datetime) -> Document | Dead:
    try:
        return build_document(message.entry, now)
    except InvalidMessage as invalid:
        return Dead(invalid.reason, invalid.detail)


def outcome_of(result: ItemResult) -> Outcome:
    """What Elasticsearch's answer means for the message."""
    match result:
        case Indexed():
            return Done("indexed")
        case Superseded():
            return Done("superseded-by-newer")
        case Rejected(reason, detail):
            return Dead(_label(reason), detail)
        case Unavailable(reason, detail, systemic):
            return Retry(_label(reason), detail, blame=not systemic)


def _label(reason: str) -> str:
    return reason.replace("_", "-")[:100] or "unknown"

"""The handler of the enrich hop: raw articles to enriched ones, in a thread so that the process stays alive."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from warta_enrich.pipeline import Models, enrich
from warta_shared.delivery.outcome import Dead, Message, Outcome, Publish
from warta_shared.events import InvalidMessage, RawArticle, decode_event

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class EnrichHandler:
    """`models` are loaded once and only read."""

    models: Models

    async def __call__(self, messages: Sequence[Message]) -> list[Outcome]:
        """One outcome a message, in order. Heartbeats and health go on while the thread computes."""
        return await asyncio.to_thread(lambda: [self.outcome_of(message) for message in messages])

    def outcome_of(self, message: Message) -> Outcome:
        """Enrich one article; what breaks the pipeline is a dead letter, its neighbours are not touched."""
        try:
            article = decode_event(message.entry, RawArticle)
            enriched = enrich(article, self.models)
        except InvalidMessage as invalid:
            return Dead(invalid.reason, invalid.detail)
        except Exception as error:  # the same text would fail again: pure code, no server involved
            log.exception("enrichment-failed", extra={"article_id": message.entry.id})
            return Dead("enrichment-failed", f"{type(error).__name__}: {error}"[:500])
        return Publish(replace(message.entry, body=enriched.model_dump_json().encode()))

"""One batch through a handler to its outcomes: read -> handle -> settle, and nothing in between is lost."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Sequence

from faststream.redis import RedisBroker

from warta_shared.delivery.broker import Redis, connection
from warta_shared.delivery.commit import Received, commit
from warta_shared.delivery.dead_letter_cap import DeadLetterCap
from warta_shared.delivery.hop import Hop, consumer_name
from warta_shared.delivery.isolation import Isolation
from warta_shared.delivery.names import Partition
from warta_shared.delivery.outcome import Dead, Handler, Message, Outcome, Publish, Retry, word
from warta_shared.delivery.pause import Pause
from warta_shared.events import Entry, InvalidMessage
from warta_shared.settings import DeliverySettings
from warta_shared.telemetry import metrics

log = logging.getLogger(__name__)


class Delivery:
    """A hop in this process: its handler, its consumer name, its brake.

    `halted` names why the hop stands still for good ('' while it runs); readiness shows it.
    """

    def __init__(self, broker: RedisBroker, hop: Hop, handler: Handler, settings: DeliverySettings) -> None:
        self._broker = broker
        self.hop = hop
        self.handler = handler
        self.settings = settings
        self.consumer = consumer_name()
        self.stopping = asyncio.Event()
        self.pause = Pause(self.stopping)
        self.isolation = Isolation()
        self._cap = DeadLetterCap(settings.max_dead_letters_per_minute)

    @property
    def redis(self) -> Redis:
        """The broker's connection; there is one from the broker's start on."""
        return connection(self._broker)

    @property
    def halted(self) -> str:
        """Why this hop takes no more messages until the service is started anew."""
        return "dead-letter-cap" if self._cap.tripped else ""

    async def run_batch(self, partition: Partition, received: Sequence[Received]) -> None:
        """Handle and settle messages beside others; waits afterwards when a server is away or the brake is on."""
        async with self.isolation.shared():
            away = await self._settle(partition, received)
        if self.halted:
            await self.stopping.wait()  # no return, no further read: what was read stays pending
        elif away:
            await self.pause.wait(away)

    async def run_alone(self, partition: Partition, suspect: Received) -> None:
        """Handle and settle one message that may be at fault for an earlier failure, with nothing beside it."""
        async with self.isolation.alone():
            await self._settle(partition, [suspect])

    async def bury(self, partition: Partition, received: Sequence[Received], dead: Dead) -> None:
        """Settle messages as dead without handling them again."""
        await self._commit(partition, [(item, dead) for item in received], time.monotonic())

    async def _settle(self, partition: Partition, received: Sequence[Received]) -> str:
        started = time.monotonic()
        if self.halted:
            return ""
        outcomes = await self._outcomes(received)
        settled = [
            (item, self._last_try(item, outcome)) for item, outcome in zip(received, outcomes, strict=True)
        ]
        await self._commit(partition, settled, started)
        away = next((o.reason for _, o in settled if isinstance(o, Retry) and not o.blame), "")
        if not away:
            self.pause.reset()
        return away

    async def _outcomes(self, received: Sequence[Received]) -> list[Outcome]:
        outcomes: dict[int, Outcome] = {}
        messages: list[Message] = []
        places: list[int] = []
        for place, item in enumerate(received):
            try:
                message = Message(item.entry_id, Entry.from_fields(item.fields), item.deliveries)
            except InvalidMessage as invalid:
                outcomes[place] = Dead(invalid.reason, invalid.detail)
            else:
                messages.append(message)
                places.append(place)
        if messages:
            outcomes.update(zip(places, await self._handle(messages), strict=True))
        return [outcomes[place] for place in range(len(received))]

    async def _handle(self, messages: Sequence[Message]) -> Sequence[Outcome]:
        try:
            async with asyncio.timeout(self.settings.batch_timeout):
                outcomes = await self.handler(messages)
        except TimeoutError:
            return [Retry("timeout", f"no outcome within {self.settings.batch_timeout} s")] * len(messages)
        except Exception as error:  # the handler's own fault: everything stays pending, suspects come alone
            log.exception("handler-failed", extra={"hop": self.hop.name, "messages": len(messages)})
            return [Retry("handler-failed", f"{type(error).__name__}: {error}"[:500])] * len(messages)
        if len(outcomes) != len(messages):
            return [Retry("handler-failed", "not one outcome a message")] * len(messages)
        return outcomes

    def _last_try(self, received: Received, outcome: Outcome) -> Outcome:
        """A blamed retry at the delivery cap is a dead letter with the reason of its last failure."""
        if (
            isinstance(outcome, Retry)
            and outcome.blame
            and received.deliveries >= self.settings.max_deliveries
        ):
            return Dead(outcome.reason, outcome.detail)
        return outcome

    async def _commit(
        self, partition: Partition, settled: Sequence[tuple[Received, Outcome]], started: float
    ) -> None:
        dead = sum(isinstance(outcome, Dead) for _, outcome in settled)
        if dead and not self._cap.allows(dead, time.monotonic()):
            log.critical("dead-letter-cap", extra={"hop": self.hop.name, "dead": dead})
            settled = [(item, o) for item, o in settled if not isinstance(o, Dead)]
        if not settled:
            return
        ours = await commit(self.redis, self.hop, partition, self.consumer, settled)
        self._tell(settled, ours, time.monotonic() - started)

    def _tell(
        self, settled: Sequence[tuple[Received, Outcome]], ours: Sequence[bool], seconds: float
    ) -> None:
        hop = self.hop.name
        counts: Counter[tuple[str, str]] = Counter()
        for (received, outcome), mine in zip(settled, ours, strict=True):
            name, reason = word(outcome), "" if isinstance(outcome, Publish) else outcome.reason
            counts[(name, reason) if mine else ("superseded", "")] += 1
            if mine and isinstance(outcome, Dead | Retry):
                log.warning(
                    name,
                    extra={
                        "hop": hop,
                        "entry_id": received.entry_id.decode(),
                        "article_id": received.fields.get(b"id", b"")[:128].decode("ascii", "replace"),
                        "reason": outcome.reason,
                        "detail": outcome.detail[:500],
                        "deliveries": received.deliveries,
                    },
                )
        for (name, reason), number in counts.items():
            metrics.MESSAGES.labels(hop, name, reason).inc(number)
        metrics.BATCH_SECONDS.labels(hop).observe(seconds)
        log.debug("batch", extra={"hop": hop, "messages": len(settled), "seconds": round(seconds, 4)})

"""One batch through a handler to its outcomes: read -> handle -> settle, and nothing in between is lost."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from faststream.redis import RedisBroker

from warta_shared.delivery.account import Final, account, in_hand
from warta_shared.delivery.broker import connection
from warta_shared.delivery.client import Redis
from warta_shared.delivery.commit import Received, Settled, commit
from warta_shared.delivery.dead_letter_cap import DeadLetterCap
from warta_shared.delivery.hop import Hop, consumer_name
from warta_shared.delivery.isolation import Isolation
from warta_shared.delivery.names import Partition
from warta_shared.delivery.outcome import Dead, Done, Handler, Message, Outcome, Publish, Retry, word
from warta_shared.delivery.pause import Pause
from warta_shared.delivery.reads import Reads
from warta_shared.events import Entry, InvalidMessage
from warta_shared.settings import DeliverySettings
from warta_shared.telemetry.tracing import tracer

log = logging.getLogger(__name__)

NOT_BEGUN = Retry("not-begun", blame=False)
REFUSED = Retry("commit-refused", "the target stream did not take it", blame=False)


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why the next batch would fare no better ('' for no reason), and what waits of one of which nothing went well."""

    reason: str = ""
    waiting: Sequence[Received] = ()


class Delivery:
    """A hop in this process: its handler, its consumer name, its brake.

    `halted` names why the hop stands still for good ('' while it runs); readiness shows it.
    `held`: how many of its readers wait for a server with a batch in hand, by partition.
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
        self.reads = Reads()
        self.held: Counter[Partition] = Counter()
        self._cap = DeadLetterCap(settings.max_dead_letters_per_minute)

    @property
    def redis(self) -> Redis:
        """The broker's connection; there is one from the broker's start on."""
        return connection(self._broker)

    @property
    def halted(self) -> str:
        """Why this hop takes no more messages until the service is started anew."""
        return "dead-letter-cap" if self._cap.tripped else ""

    @property
    def closed(self) -> bool:
        """Whether it begins nothing more."""
        return bool(self.halted) or self.stopping.is_set()

    async def run_batch(self, partition: Partition, received: Sequence[Received]) -> None:
        """Handle and settle messages beside others; waits afterwards when a server is away."""
        await self.wait(await self.try_batch(partition, received))

    async def try_batch(self, partition: Partition, received: Sequence[Received]) -> Hindrance:
        """The same without the waiting."""
        async with self.isolation.shared():
            return await self._settle(partition, received)

    async def run_alone(self, partition: Partition, claim: Callable[[], Awaitable[list[Received]]]) -> int:
        """Claim, handle and settle a suspect with nothing beside it; returns how many `claim` gave.

        Claiming only when all is quiet keeps what others may still break from counting as this one's failure.
        """
        async with self.isolation.alone():
            received = await claim()
            hindrance = await self._settle(partition, received) if received else Hindrance()
        await self.wait(hindrance)
        return len(received)

    async def bury(self, partition: Partition, received: Sequence[Received], dead: Dead) -> None:
        """Settle messages as dead without handling them again."""
        await self._commit(partition, received, [dead] * len(received), time.monotonic())

    async def wait(self, hindrance: Hindrance) -> None:
        """A growing pause where something hinders, and its end where nothing does."""
        if hindrance.reason:
            await self.pause.wait(hindrance.reason)
        elif not self.halted:
            self.pause.reset()

    async def _settle(self, partition: Partition, received: Sequence[Received]) -> Hindrance:
        """Settle a batch; returns what hinders the next one."""
        started = time.monotonic()
        outcomes: Sequence[Outcome]
        parents = (item.traceparent for item in received)
        source = self.hop.source_key(partition)
        with (
            in_hand(self.hop.name, len(received)),
            tracer().processing(self.hop.name, source, self.consumer, parents) as span,
        ):
            if self.closed:
                outcomes = [NOT_BEGUN] * len(received)
            else:
                outcomes = await self._outcomes(received)
            span.settled(word(outcome) for outcome in outcomes)
            return await self._commit(partition, received, outcomes, started)

    async def _outcomes(self, received: Sequence[Received]) -> list[Outcome]:
        outcomes: list[Outcome] = [NOT_BEGUN] * len(received)
        messages: list[Message] = []
        places: list[int] = []
        for place, item in enumerate(received):
            try:
                entry = Entry.from_fields(item.fields)
            except InvalidMessage as invalid:
                outcomes[place] = Dead(invalid.reason, invalid.detail)
            else:
                messages.append(Message(item.entry_id, entry, item.deliveries))
                places.append(place)
        if messages:
            for place, outcome in zip(places, await self._handle(messages), strict=True):
                outcomes[place] = self._last_try(received[place], outcome)
        return outcomes

    async def _handle(self, messages: Sequence[Message]) -> Sequence[Outcome]:
        try:
            async with asyncio.timeout(self.settings.batch_timeout):
                outcomes = await self.handler(messages)
            self._check(outcomes, len(messages))
        except TimeoutError:
            return [Retry("timeout", f"no outcome within {self.settings.batch_timeout} s")] * len(messages)
        except Exception as error:  # the handler's own fault: everything stays pending, suspects come alone
            log.exception("handler-failed", extra={"hop": self.hop.name, "messages": len(messages)})
            return [Retry("handler-failed", f"{type(error).__name__}: {error}"[:500])] * len(messages)
        return outcomes

    def _check(self, outcomes: Sequence[Outcome], number: int) -> None:
        """Refuse what a commit could not carry out; a hop without a target has nowhere to publish."""
        if len(outcomes) != number:
            raise TypeError(f"{len(outcomes)} outcomes for {number} messages")
        allowed = Publish | Done | Dead | Retry if self.hop.target else Done | Dead | Retry
        for outcome in outcomes:
            if not isinstance(outcome, allowed):
                raise TypeError(f"{type(outcome).__name__} is no outcome of the hop {self.hop.name}")

    def _last_try(self, received: Received, outcome: Outcome) -> Outcome:
        """A blamed retry at the delivery cap is a dead letter with the reason of its last failure."""
        last = received.deliveries >= self.settings.max_deliveries
        if last and isinstance(outcome, Retry) and outcome.blame:
            return Dead(outcome.reason, outcome.detail)
        return outcome

    def _braked(self, outcomes: Sequence[Outcome]) -> Sequence[Outcome]:
        """The outcomes, without dead letters where there are too many: those messages wait for a better worker."""
        dead = sum(isinstance(outcome, Dead) for outcome in outcomes)
        if not dead or self._cap.allows(dead, time.monotonic()):
            return outcomes
        log.critical("dead-letter-cap", extra={"hop": self.hop.name, "dead": dead})
        return [Retry("dead-letter-cap", blame=False) if isinstance(o, Dead) else o for o in outcomes]

    async def _commit(
        self, partition: Partition, received: Sequence[Received], outcomes: Sequence[Outcome], started: float
    ) -> Hindrance:
        settled = list(zip(received, self._braked(outcomes), strict=True))
        try:
            answers = await commit(self.redis, self.hop, partition, self.consumer, settled)
        except Exception as error:  # whatever it is, all of it stays pending
            problem = f"{type(error).__name__}: {error}"[:300]
            log.warning("commit-failed", extra={"hop": self.hop.name, "error": problem})
            return Hindrance("commit-failed", received)
        final = [
            (item, REFUSED if answer is Settled.REFUSED else outcome, answer is not Settled.SUPERSEDED)
            for (item, outcome), answer in zip(settled, answers, strict=True)
        ]
        account(self.hop.name, final, time.monotonic() - started)
        return _hindrance(final)


def _hindrance(final: Sequence[Final]) -> Hindrance:
    ours = [(received, outcome) for received, outcome, is_ours in final if is_ours]
    hindered = [(r, o.reason) for r, o in ours if isinstance(o, Retry) and not o.blame and o.hold]
    if not hindered:
        return Hindrance()
    something_went_well = any(isinstance(outcome, Publish | Done) for _, outcome in ours)
    return Hindrance(hindered[0][1], () if something_went_well else [received for received, _ in hindered])

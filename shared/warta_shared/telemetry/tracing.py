"""Traces: which entry was made when and by whom, and which batches worked on it.

Every entry carries a `traceparent`, so that log lines of all services tell an article's trace. With
`WARTA_OTLP_ENDPOINT` (and the extra `tracing`) spans are sent as well: one for each entry that is made, and one for
each batch, linked to all its entries. Names follow https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

from warta_shared.events.traceparent import new_traceparent


class Batch(Protocol):
    """The span of a batch in work."""

    def settled(self, outcomes: Iterable[str]) -> None:
        """What became of its messages, a word each."""


class Tracer(Protocol):
    """What records spans."""

    def created(self, stream: str, entry: str, parent: str) -> str:
        """A new entry's traceparent, below `parent` or, without one, of a trace of its own."""

    def processing(
        self, hop: str, stream: str, consumer: str, parents: Iterable[str]
    ) -> AbstractContextManager[Batch]:
        """The span of a batch, linked to the traceparents of its entries."""

    def close(self) -> None:
        """Send what is waiting."""


class Unrecorded:
    """Gives every entry a trace, and records nothing."""

    def created(self, stream: str, entry: str, parent: str) -> str:
        """The parent goes on as it is."""
        return parent or new_traceparent()

    def processing(
        self, hop: str, stream: str, consumer: str, parents: Iterable[str]
    ) -> AbstractContextManager[Batch]:
        """Costs nothing: `parents` is not even read."""
        return nullcontext(self)

    def settled(self, outcomes: Iterable[str]) -> None:
        """Nobody asks."""

    def close(self) -> None:
        """Nothing is waiting."""


_tracer: Tracer = Unrecorded()


def use(tracer: Tracer) -> None:
    """From now on spans go to `tracer`."""
    global _tracer  # noqa: PLW0603 -- one a process, like its logs and metrics
    _tracer = tracer


def tracer() -> Tracer:
    """What this process records with."""
    return _tracer


def open_tracer(service: str, endpoint: str | None) -> Tracer:
    """The tracer that sends to `endpoint` by OTLP over HTTP; raises MissingExtra."""
    if not endpoint:
        return Unrecorded()
    try:
        from warta_shared.telemetry.spans import sent_to  # noqa: PLC0415 -- an extra
    except ImportError as error:
        raise MissingExtra(
            "WARTA_OTLP_ENDPOINT needs the extra `tracing`: pip install 'warta-shared[tracing]', or in compose "
            f"WARTA_EXTRAS=tracing and a new build ({error.name} is missing)"
        ) from error
    return sent_to(service, endpoint)


class MissingExtra(Exception):
    """Tracing is asked for, and what it needs is not installed."""

"""What can become of a message: exactly one of these, the same word in the log, the metric and the trace."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from warta_shared.events import Entry


@dataclass(frozen=True, slots=True)
class Message:
    """A readable entry that was given to this worker; `deliveries` counts this one."""

    entry_id: bytes
    entry: Entry
    deliveries: int = 1


@dataclass(frozen=True, slots=True)
class Publish:
    """Done, and `entry` goes to the hop's target stream in the same step."""

    entry: Entry


@dataclass(frozen=True, slots=True)
class Done:
    """Done, nothing to pass on; `reason` says what became of it where that is worth counting."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Dead:
    """It can never succeed: to the dead letters."""

    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Retry:
    """It may succeed later: it stays pending.

    `blame`: whether this try counts towards the delivery cap. False when something else is at fault (a
    server is away): such a message is never dead-lettered, however long it takes.
    `hold`: without blame, whether the hop pauses before it reads on. False when only this message has to wait.
    """

    reason: str
    detail: str = ""
    blame: bool = True
    hold: bool = True


Outcome = Publish | Done | Dead | Retry
Handler = Callable[[Sequence[Message]], Awaitable[Sequence[Outcome]]]

_NO_LABEL = re.compile(r"[^A-Za-z0-9._:-]+")


def word(outcome: Outcome) -> str:
    """The outcome's name in logs, metrics and traces: publish, done, dead, retry."""
    return type(outcome).__name__.lower()


def label(reason: str) -> str:
    """A reason as a dead letter, a metric and a log line can hold it: at most 128 of `A-Za-z0-9._:-`."""
    return _NO_LABEL.sub("-", reason).lstrip("._:-")[:128] or "unspecified"

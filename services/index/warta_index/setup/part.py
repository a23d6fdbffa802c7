"""A part of the set-up can tell how it differs from what is wanted, and can be made right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from warta_index.connection import Connection, Reply, UnreachableError

MISSING = "missing"
WORTH_WAITING = frozenset({408, 429, 502, 503, 504})


class SetupError(Exception):
    """Elasticsearch refused a step: nothing will change by trying again."""


class State(StrEnum):
    """What was found, or what was done about it."""

    UNCHANGED = "unchanged"
    CREATED = "created"
    UPDATED = "updated"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True)
class PartReport:
    """One part: its state, and each difference as `where: wanted ..., found ...`."""

    kind: str
    name: str
    state: State
    differences: tuple[str, ...] = ()


class Part(Protocol):
    """A template, an index, a role, a key ..."""

    @property
    def kind(self) -> str:
        """What sort of thing it is."""

    @property
    def name(self) -> str:
        """What it is called in Elasticsearch."""

    async def differences(self, connection: Connection) -> list[str]:
        """How what is installed differs from what is wanted; `[MISSING]` when it is not there at all."""

    async def apply(self, connection: Connection) -> None:
        """Make it so, as far as can be done without a new index; raises SetupError when refused."""


async def check(connection: Connection, parts: Sequence[Part]) -> list[PartReport]:
    """Look only."""
    reports = []
    for part in parts:
        found = await part.differences(connection)
        state = State.DIFFERS if found else State.UNCHANGED
        reports.append(PartReport(part.kind, part.name, state, tuple(found)))
    return reports


async def install(connection: Connection, parts: Sequence[Part]) -> list[PartReport]:
    """Make every part right, in order; what still differs afterwards needs a new version of the index."""
    return [await _install(connection, part) for part in parts]


async def _install(connection: Connection, part: Part) -> PartReport:
    before = await part.differences(connection)
    if not before:
        return PartReport(part.kind, part.name, State.UNCHANGED)
    await part.apply(connection)
    remaining = await part.differences(connection)
    if remaining:
        return PartReport(part.kind, part.name, State.DIFFERS, tuple(remaining))
    state = State.CREATED if before == [MISSING] else State.UPDATED
    return PartReport(part.kind, part.name, state, tuple(before))


async def fetch(connection: Connection, target: str) -> Any:
    """What is there, as JSON; None when it is not (404)."""
    reply = await connection.ask("GET", target)
    return None if reply.status == 404 else expect(reply, f"read {target}").json()


async def change(connection: Connection, method: str, target: str, content: Any = None) -> Any:
    """Change something; the answer as JSON."""
    return expect(await connection.ask(method, target, content), f"{method} {target}").json()


def expect(reply: Reply, step: str) -> Reply:
    """The reply when it is 2xx; raises UnreachableError when waiting may help, else SetupError."""
    if reply.ok:
        return reply
    kind, explanation = reply.error()
    message = f"could not {step}: status {reply.status} {kind}: {explanation}"[:1_000]
    if reply.status in WORTH_WAITING:
        raise UnreachableError("unavailable", message)
    raise SetupError(message)

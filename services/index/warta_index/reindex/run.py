"""A reindex from its beginning to the exchange, and the ways back from it."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from warta_index.connection import Connection
from warta_index.indices import documents, existing, remove
from warta_index.reindex.comparing import Compared, compare
from warta_index.reindex.exchange import exchange, let_go
from warta_index.reindex.filling import Filling, Refusals
from warta_index.reindex.standing import Building, Standing, look, meta_of, remember
from warta_index.schema.names import MIRROR_ALIAS
from warta_index.settings import SetupSettings
from warta_index.setup.live_index import LiveIndex
from warta_index.setup.part import SetupError, change, install
from warta_index.setup.plan import templates_of

LOOKS, PAUSE_SECONDS = 10, 1.0
REFRESH = "refresh_interval"


class Told(Protocol):
    """Who shows a person how far it is."""

    def step(self, name: str) -> None:
        """What is done now."""

    def moved(self, done: float, total: float) -> None:
        """How far that is: articles, or seconds."""


class End(StrEnum):
    """How a run ended: `different` and `refused` leave everything as it was."""

    EXCHANGED = "exchanged"
    LET_GO = "let-go"
    NOTHING_TO_DO = "nothing-to-do"
    DIFFERENT = "different"
    REFUSED = "refused"


PROBLEMS = frozenset({End.DIFFERENT, End.REFUSED})


@dataclass(frozen=True, slots=True)
class Outcome:
    """`serving` and `other` as they are now; `refusals` and `compared` say what was found on the way."""

    end: End
    serving: str
    other: str | None = None
    refusals: Refusals = field(default_factory=Refusals)
    compared: Compared = field(default_factory=Compared)


@dataclass(frozen=True, slots=True)
class Reindex:
    """As the administrator. `settle`: seconds until every index service writes to both; `rate`: articles a second."""

    connection: Connection
    settings: SetupSettings
    told: Told
    settle: float = 20.0
    rate: float = 0.0

    async def run(self, *, anyway: bool = False) -> Outcome:
        """Begin, or go on with, a new index; raises SetupError, SearchError, UnreachableError."""
        standing = await look(self.connection)
        if standing.other and not standing.building:
            raise SetupError(
                f"{standing.other} is kept from the last reindex: `warta reindex finish` lets it go, "
                "`warta reindex rollback` makes it serve again"
            )
        if not standing.other:
            if not anyway and not await LiveIndex(self.settings).differences(self.connection):
                return Outcome(End.NOTHING_TO_DO, standing.serving)
            standing = await self._begin(standing)
        return await self._build(standing)

    async def rollback(self, *, anyway: bool = False) -> Outcome:
        """What served before serves again; it got every article meanwhile, which is looked at first."""
        standing = await look(self.connection)
        if not standing.other or standing.building:
            raise SetupError("there is nothing to go back to: no earlier index is kept")
        numbers = await self._numbers(standing.serving, standing.other)
        if numbers[0] != numbers[1] and not anyway:
            return Outcome(End.DIFFERENT, standing.serving, standing.other, compared=Compared(numbers))
        await exchange(self.connection, standing.serving, standing.other)
        return Outcome(End.EXCHANGED, standing.other, standing.serving)

    async def finish(self, *, delete: bool = False) -> Outcome:
        """Let the earlier index go."""
        standing = await look(self.connection)
        if not standing.other or standing.building:
            raise SetupError("no earlier index is kept")
        return await self._end(standing, delete=delete)

    async def abandon(self) -> Outcome:
        """Delete the index that is being built."""
        standing = await look(self.connection)
        if not standing.building:
            raise SetupError("no index is being built")
        return await self._end(standing, delete=True)

    async def _end(self, standing: Standing, *, delete: bool) -> Outcome:
        other = str(standing.other)
        await let_go(self.connection, other)
        if delete:
            await asyncio.sleep(PAUSE_SECONDS)  # what is in flight meets an index that is still there
            await remove(self.connection, [other])
        return Outcome(End.LET_GO, standing.serving, None if delete else other)

    async def _begin(self, standing: Standing) -> Standing:
        """Made by the templates of this release, which no search sees, and which everything new goes into."""
        await install(self.connection, templates_of(self.settings))
        building = Building(began=int(time.time() * 1000))
        content = {
            "aliases": {MIRROR_ALIAS: {}},
            "mappings": {"_meta": meta_of(building)},
            "settings": {"index": {REFRESH: "-1"}},
        }
        name = standing.next_name
        if await existing(self.connection, [name]):
            raise SetupError(f"{name} is there already: delete it first if nothing needs it")
        await change(self.connection, "PUT", f"/{name}", content)
        return Standing(standing.serving, name, building)

    async def _build(self, standing: Standing) -> Outcome:
        serving, other = standing.serving, str(standing.other)
        building = standing.building or Building(0)
        if not building.done:
            await self._settled(building)
            self.told.step(f"copying {serving} into {other}")
            filling = Filling(self.connection, serving, other, self.told.moved, self.rate)
            refusals = await filling.run(building)
            if refusals.number:
                return Outcome(End.REFUSED, serving, other, refusals)
        wanted = {"index": {REFRESH: self.settings.index_refresh_interval}}
        await change(self.connection, "PUT", f"/{other}/_settings", wanted)
        compared = await self._compared(serving, other)
        if compared.different:
            return Outcome(End.DIFFERENT, serving, other, compared=compared)
        await exchange(self.connection, serving, other)
        await remember(self.connection, other, None)
        return Outcome(End.EXCHANGED, other, serving, compared=compared)

    async def _settled(self, building: Building) -> None:
        """What an index service wrote to one index alone, since it had not looked yet, ends before copying begins."""
        self.told.step("waiting until every index service writes to both")
        while (waited := time.time() - building.began / 1000) < self.settle:
            self.told.moved(max(waited, 0.0), self.settle)
            await asyncio.sleep(min(0.2, self.settle))

    async def _compared(self, serving: str, other: str) -> Compared:
        self.told.step(f"comparing {serving} and {other}")
        total = await documents(self.connection, [serving])
        return await compare(
            self.connection, (serving, other), lambda number: self.told.moved(number, max(total, number))
        )

    async def _numbers(self, *indices: str) -> list[int]:
        """Of articles; what is on its way into both is waited for."""
        numbers = [0, 1]
        for _ in range(LOOKS):
            numbers = [await documents(self.connection, [index]) for index in indices]
            if numbers[0] == numbers[1]:
                break
            await asyncio.sleep(PAUSE_SECONDS)
        return numbers

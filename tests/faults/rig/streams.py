"""What the streams hold, asked beside all proxies."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from pydantic import SecretStr

from faults.rig.places import PASSWORD, USER, Place
from warta_shared.delivery.backlog import backlog
from warta_shared.delivery.broker import connection, make_broker
from warta_shared.delivery.dead_letters import dead_letters
from warta_shared.delivery.hop import HOPS
from warta_shared.settings import RedisSettings

FoundT = TypeVar("FoundT")


class Streams:
    """On `place`."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def backlog(self) -> int:
        """Messages that are not settled; a large number while Redis does not answer."""
        try:
            return self.ask(self.unsettled)
        except Exception:  # a cluster in change raises more than RedisError and OSError
            return 1_000_000

    def dead_ids(self) -> list[str]:
        """Of the articles in the dead letters."""

        async def read(redis: Any) -> list[str]:
            partitions = self._place.partitions
            return [one.letter.article_id async for one in dead_letters(redis, partitions) if one.letter]

        return self.ask(read)

    def ask(self, work: Callable[[Any], Coroutine[Any, Any, FoundT]]) -> FoundT:
        """Work with a connection that no proxy disturbs."""

        async def connected() -> FoundT:
            async with self._connection() as redis:
                return await work(redis)

        return asyncio.run(connected())

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Any]:
        login: dict[str, Any] = {}
        if self._place.acl:
            login = {"redis_username": USER, "redis_password": SecretStr(PASSWORD)}
        settings = RedisSettings(redis_url=self._place.direct_url, partitions=self._place.partitions, **login)
        broker = make_broker(settings)
        await broker.connect()
        try:
            yield connection(broker)
        finally:
            await broker.stop()

    async def unsettled(self, redis: Any) -> int:
        """Messages that are not settled, by an open connection."""
        return sum([(await backlog(redis, hop, self._place.partitions)).total for hop in HOPS])

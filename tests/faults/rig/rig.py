"""The whole system for trials: a place for the streams, a fleet of services, and how to ask what came of it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx
from pydantic import SecretStr

from faults.ledger import Ledger
from faults.load import Pusher
from faults.rig.fleet import SERVICES, Fleet, Replica
from faults.rig.ground import Ground
from faults.rig.places import PASSWORD, USER, OneServer, Place
from faults.rig.tcp_proxy import Line
from warta_local.processes.ports import LOOPBACK
from warta_shared.delivery.backlog import backlog
from warta_shared.delivery.broker import connection, make_broker
from warta_shared.delivery.dead_letters import dead_letters
from warta_shared.delivery.hop import HOPS
from warta_shared.settings import RedisSettings

FoundT = TypeVar("FoundT")

READY_SECONDS = 60.0
QUIET_SECONDS = 120.0
ARRIVAL_SECONDS = 90.0


class NotSettled(AssertionError):
    """Something still waits when nothing should: liveness, not loss."""


def until(look: Callable[[], FoundT], seconds: float, what: str, every: float = 0.05) -> FoundT:
    """The first answer that is true; raises NotSettled."""
    ends = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > ends:
            raise NotSettled(f"{what}: not within {seconds:.0f} s")
        time.sleep(every)
    return found


class Rig:
    """A context manager: one replica of each service on `place`, over `ground`."""

    def __init__(self, ground: Ground, place: Place) -> None:
        self.ground, self.place = ground, place
        self.fleet = Fleet(self._variables, ground.folder.logs, ground.nursery)

    def __enter__(self) -> Self:
        self.place.start()
        self.reset()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.fleet.stop()
        self.place.stop()

    @property
    def server(self) -> OneServer:
        """The place, where it is one server behind a proxy."""
        assert isinstance(self.place, OneServer)
        return self.place

    def reset(self) -> None:
        """Everything sound, one replica each, all ready."""
        self.ground.heal()
        if isinstance(self.place, OneServer):
            self.place.proxy.lose_replies(0)
            self.place.proxy.make(Line.SOUND)
        for service in SERVICES:
            self.fleet.scale(service, 1)
        until(self.fleet.all_ready, READY_SECONDS, "readiness")

    def replace(self, service: str, number: int = 1, given: Mapping[str, str] | None = None) -> None:
        """New replicas in the place of those that run, ready; `given`: more variables for them."""
        self.fleet.scale(service, 0)
        self.fleet.scale(service, number, given)
        until(self.fleet.all_ready, READY_SECONDS, f"readiness of {service}")

    def pusher(self, ledger: Ledger) -> Pusher:
        """To whichever replica of ingest there is."""
        return Pusher(
            lambda: [f"http://{LOOPBACK}:{replica.port}" for replica in self.fleet.of("ingest")],
            self.ground.push_key,
            ledger,
        )

    def arm(self, service: str, place: str) -> Callable[[], bool]:
        """Kill whoever reaches that place next; tells whether it has happened."""
        file = self.ground.armed / f"{service}.{place}"
        file.touch()
        return lambda: not file.exists()

    def kill(self, service: str, number: signal.Signals = signal.SIGKILL) -> Replica:
        """Signal a replica that has work in hand, or after two seconds any."""
        ends = time.monotonic() + 2
        while time.monotonic() < ends and not self.ask_redis(self._unsettled):
            time.sleep(0.01)
        replica = until(
            lambda: next((one for one in self.fleet.of(service) if one.pid), None), 10, f"a running {service}"
        )
        replica.signal(number)
        return replica

    def arrives(self, ledger: Ledger) -> float:
        """Seconds until a fresh article is accepted and indexed."""
        began = time.monotonic()
        [article] = ledger.next_batch(1)
        self.pusher(ledger).push([article])
        identity = ledger.accepted[article["extensions"]["number"]].id
        until(lambda: self.ground.holds(identity), ARRIVAL_SECONDS, "a fresh article")
        return time.monotonic() - began

    def quiet(self, seconds: float = QUIET_SECONDS) -> None:
        """Until nothing waits, twice in a row."""

        def still() -> bool:
            return self.backlog() == 0 and time.sleep(0.2) is None and self.backlog() == 0

        until(still, seconds, "quiet", every=0.1)

    def backlog(self) -> int:
        """Messages that are not settled; a large number while Redis does not answer."""
        try:
            return self.ask_redis(self._unsettled)
        except Exception:  # a cluster in change raises more than RedisError and OSError
            return 1_000_000

    def dead_ids(self) -> list[str]:
        """Of the articles in the dead letters."""

        async def read(redis: Any) -> list[str]:
            partitions = self.place.partitions
            return [one.letter.article_id async for one in dead_letters(redis, partitions) if one.letter]

        return self.ask_redis(read)

    def reclaimed(self) -> float:
        """Messages that the running replicas took over from others."""
        return sum(
            _metric(replica, "warta_reclaimed_total") for one in SERVICES for replica in self.fleet.of(one)
        )

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`warta` as the operator runs it."""
        own = self.ground.folder.secrets / "operator"
        given = {
            "WARTA_REDIS_URL": self.place.direct_url,
            "WARTA_PARTITIONS": str(self.place.partitions),
            "WARTA_REDIS_USERNAME": "operator",
            "WARTA_REDIS_PASSWORD_FILE": str(own / "redis_password"),
            "WARTA_ELASTICSEARCH_URL": self.ground.elasticsearch.url,
            "WARTA_ELASTICSEARCH_API_KEY_FILE": str(own / "elasticsearch_api_key"),
        }
        called = [sys.executable, "-c", "from warta_shared.cli.main import run; run()", *arguments]
        return subprocess.run(
            called, env={**os.environ, **given}, capture_output=True, text=True, timeout=120, check=False
        )

    def ask_redis(self, work: Callable[[Any], Coroutine[Any, Any, FoundT]]) -> FoundT:
        """Work with a connection that no proxy disturbs."""

        async def connected() -> FoundT:
            async with self._connection() as redis:
                return await work(redis)

        return asyncio.run(connected())

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Any]:
        login: dict[str, Any] = {}
        if self.place.acl:
            login = {"redis_username": USER, "redis_password": SecretStr(PASSWORD)}
        settings = RedisSettings(redis_url=self.place.direct_url, partitions=self.place.partitions, **login)
        broker = make_broker(settings)
        await broker.connect()
        try:
            yield connection(broker)
        finally:
            await broker.stop()

    async def _unsettled(self, redis: Any) -> int:
        return sum([(await backlog(redis, hop, self.place.partitions)).total for hop in HOPS])

    def _variables(self, service: str, port: int) -> Mapping[str, str]:
        given = {**self.ground.variables(service, port), **self.place.given}
        given |= {"WARTA_REDIS_URL": self.place.url, "WARTA_PARTITIONS": str(self.place.partitions)}
        if not self.place.acl:
            given = {name: value for name, value in given.items() if "REDIS_USER" not in name}
            given.pop("WARTA_REDIS_PASSWORD_FILE")
        return given


def _metric(replica: Replica, name: str) -> float:
    try:
        shown = httpx.get(f"http://{LOOPBACK}:{replica.port}/metrics", timeout=3, follow_redirects=True).text
    except httpx.HTTPError:
        return 0.0
    return sum(float(line.rpartition(" ")[2]) for line in shown.splitlines() if line.startswith(name))

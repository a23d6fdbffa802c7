"""The whole system for trials: a place for the streams, a fleet of services, and how to ask what came of it."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self

import httpx

from commands import run_warta
from faults.ledger import Ledger
from faults.load import Pusher
from faults.rig.fleet import SERVICES, Fleet, Replica
from faults.rig.ground import Ground
from faults.rig.places import OneServer, Place
from faults.rig.streams import Streams
from faults.rig.tcp_proxy import Line
from waiting import eventually
from warta_local.processes.ports import LOOPBACK

READY_SECONDS = 60.0
QUIET_SECONDS = 120.0
ARRIVAL_SECONDS = 90.0


class Rig:
    """A context manager: one replica of each service on `place`, over `ground`."""

    def __init__(self, ground: Ground, place: Place) -> None:
        self.ground, self.place = ground, place
        self.streams = Streams(place)
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
        eventually(self.fleet.all_ready, READY_SECONDS, what="readiness")

    def replace(self, service: str, number: int = 1, given: Mapping[str, str] | None = None) -> None:
        """New replicas in the place of those that run, ready; `given`: more variables for them."""
        self.fleet.scale(service, 0)
        self.fleet.scale(service, number, given)
        eventually(self.fleet.all_ready, READY_SECONDS, what=f"readiness of {service}")

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
        while time.monotonic() < ends and not self.streams.backlog():
            time.sleep(0.01)
        replica = eventually(
            lambda: next((one for one in self.fleet.of(service) if one.pid), None),
            10,
            what=f"a running {service}",
        )
        replica.signal(number)
        return replica

    def arrives(self, ledger: Ledger) -> float:
        """Seconds until a fresh article is accepted and indexed."""
        began = time.monotonic()
        [article] = ledger.next_batch(1)
        self.pusher(ledger).push([article])
        identity = ledger.accepted[article["extensions"]["number"]].id
        eventually(lambda: self.ground.holds(identity), ARRIVAL_SECONDS, what="a fresh article")
        return time.monotonic() - began

    def quiet(self, seconds: float = QUIET_SECONDS) -> None:
        """Until nothing waits, twice in a row."""

        def still() -> bool:
            return self.streams.backlog() == 0 and time.sleep(0.2) is None and self.streams.backlog() == 0

        try:
            eventually(still, seconds, what="quiet", every=0.1)
        except AssertionError as error:
            raise AssertionError(
                f"{error}; {self.streams.told()}; not ready: {self.fleet.unready()}"
            ) from error

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
        return run_warta({**os.environ, **self._without_user(given)}, *arguments)

    def _variables(self, service: str, port: int) -> Mapping[str, str]:
        given = {**self.ground.variables(service, port), **self.place.given}
        given |= {"WARTA_REDIS_URL": self.place.url, "WARTA_PARTITIONS": str(self.place.partitions)}
        return self._without_user(given)

    def _without_user(self, given: Mapping[str, str]) -> Mapping[str, str]:
        """As it is for a place that has no users."""
        login = set() if self.place.acl else {"WARTA_REDIS_USERNAME", "WARTA_REDIS_PASSWORD_FILE"}
        return {name: value for name, value in given.items() if name not in login}


def _metric(replica: Replica, name: str) -> float:
    try:
        shown = httpx.get(f"http://{LOOPBACK}:{replica.port}/metrics", timeout=3, follow_redirects=True).text
    except httpx.HTTPError:
        return 0.0
    return sum(float(line.rpartition(" ")[2]) for line in shown.splitlines() if line.startswith(name))

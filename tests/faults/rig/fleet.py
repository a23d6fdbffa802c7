"""Any number of replicas of each service, restarted when they end, as a container engine does."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import psutil

from faults.rig.nursery import Nursery
from warta_local.processes.child import Child
from warta_local.processes.ports import free_port
from warta_local.supervisor import Program, http_problem
from warta_local.supervisor.supervised import Phase, Supervised

SERVICES = ("ingest", "enrich", "index")
TICK_SECONDS = 0.05
MEMORY_EVERY_SECONDS = 0.5
LONGEST_PAUSE = 1.0
GRACE_SECONDS = 15.0
DOOMED = Path(__file__).with_name("doomed.py")

# Of a service and the port it shall listen on: its whole environment.
Variables = Callable[[str, int], Mapping[str, str]]
# Of a service and its environment: a new process.
Start = Callable[[str, Mapping[str, str]], Any]


class Replica:
    """One process, tended by a thread of its own."""

    def __init__(self, service: str, variables: Variables, start: Start, given: Mapping[str, str]) -> None:
        self.service = service
        self.port = free_port()
        environment = {**variables(service, self.port), **given}
        program = Program(
            service,
            self.port,
            lambda: start(service, environment),
            lambda: http_problem(self.port),
            GRACE_SECONDS,
        )
        self._supervised = Supervised(program, LONGEST_PAUSE)
        self._stopping = threading.Event()
        self.peak = 0
        self._supervised.begin()
        self._thread = threading.Thread(target=self._tend, daemon=True)
        self._thread.start()

    @property
    def ready(self) -> bool:
        """As its own readiness says, and a moment ago."""
        return self._supervised.phase is Phase.READY and self.pid is not None

    @property
    def pid(self) -> int | None:
        """The process, while it runs."""
        return self._supervised.pid

    @property
    def restarts(self) -> int:
        """How often it was started again."""
        return self._supervised.restarts

    def signal(self, number: signal.Signals) -> int:
        """Send a signal; returns whom to, 0 when nobody runs."""
        pid = self.pid
        if pid:
            os.kill(pid, number)
        return pid or 0

    def stop(self) -> None:
        """SIGTERM, and SIGKILL to what does not end in time."""
        self._stopping.set()
        self._thread.join()
        self._supervised.terminate()
        ends = time.monotonic() + GRACE_SECONDS
        while not self._supervised.finished() and time.monotonic() < ends:
            time.sleep(TICK_SECONDS)
        self._supervised.kill()

    def memory(self) -> int:
        """Resident bytes of the process and of what it started."""
        try:
            process = psutil.Process(self.pid or 0)
            return sum(one.memory_info().rss for one in (process, *process.children(recursive=True)))
        except psutil.Error:
            return 0

    def _tend(self) -> None:
        looked = 0.0
        while not self._stopping.wait(TICK_SECONDS):
            self._supervised.tend()
            if time.monotonic() - looked > MEMORY_EVERY_SECONDS:
                looked, self.peak = time.monotonic(), max(self.peak, self.memory())


class Fleet:
    """All replicas. `folder` takes the logs; `nursery`: None starts from scratch."""

    def __init__(self, variables: Variables, folder: Path, nursery: Nursery | None = None) -> None:
        self._variables = variables
        self._folder = folder
        self._nursery = nursery
        self._replicas: list[Replica] = []

    def _start(self, service: str, environment: Mapping[str, str]) -> Any:
        log = self._folder / f"{service}-{environment['WARTA_HTTP_PORT']}.log"
        if self._nursery:
            return self._nursery.fork(service, environment, log)
        return Child([sys.executable, DOOMED, service], log=log, env=environment)

    def scale(self, service: str, number: int, given: Mapping[str, str] | None = None) -> None:
        """So many replicas from now on; `given`: more variables for those that are new."""
        there = self.of(service)
        for _ in range(number - len(there)):
            self._replicas.append(Replica(service, self._variables, self._start, given or {}))
        for leaving in there[number:]:
            self._replicas.remove(leaving)
            leaving.stop()

    def of(self, service: str) -> list[Replica]:
        """The replicas of a service."""
        return [replica for replica in self._replicas if replica.service == service]

    def all_ready(self) -> bool:
        """Whether every replica is."""
        return all(replica.ready for replica in self._replicas)

    def unready(self) -> list[str]:
        """Who is not ready, for people."""
        return [f"{one.service}:{one.port}" for one in self._replicas if not one.ready]

    def memory(self) -> int:
        """Resident bytes of all of them."""
        return sum(replica.memory() for replica in self._replicas)

    def peak(self) -> int:
        """The most that each of them held since `forget_peak`, together."""
        return sum(replica.peak for replica in self._replicas)

    def forget_peak(self) -> None:
        """From now on."""
        for replica in self._replicas:
            replica.peak = 0

    def stop(self) -> None:
        """Each service, in the order of the data."""
        for service in SERVICES:
            self.scale(service, 0)

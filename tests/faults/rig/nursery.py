"""Processes that have a service's code imported and fork a replica when asked: a start takes a fraction of the time.

Run as `python nursery.py SERVICE`: a line of JSON in (`environment`, `log`), a line with the new process's id out; the
end of its input is the end of all that it has forked.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

from warta_local.processes.leash import LEASH

SCRIPT = Path(__file__)


class Forked:
    """A replica as the supervisor knows processes; it leads a process group of its own."""

    def __init__(self, pid: int, log: Path) -> None:
        self.pid, self.log = pid, log
        self._over = False
        LEASH.hold(pid)

    @property
    def exit_code(self) -> int | None:
        """None while it runs; what it ended with is not known."""
        if not self._over:
            try:
                os.kill(self.pid, 0)
            except ProcessLookupError:
                self._over = True
                self._end_group()
                LEASH.release(self.pid)
        return 1 if self._over else None

    def terminate(self) -> None:
        """SIGTERM."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)

    def kill(self) -> int:
        """SIGKILL to all of it."""
        self._end_group()
        return 1

    def _end_group(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)


class Nursery:
    """One such process for each service, started when it is first needed."""

    def __init__(self) -> None:
        self._parents: dict[str, subprocess.Popen[str]] = {}
        self._lock = threading.Lock()

    def fork(self, service: str, environment: Mapping[str, str], log: Path) -> Forked:
        """A new replica; what it prints is added to `log`."""
        with self._lock:
            parent = self._parents.get(service) or self._started(service)
            assert parent.stdin and parent.stdout
            parent.stdin.write(json.dumps({"environment": dict(environment), "log": str(log)}) + "\n")
            parent.stdin.flush()
            return Forked(int(parent.stdout.readline()), log)

    def stop(self) -> None:
        """End them."""
        for parent in self._parents.values():
            assert parent.stdin
            parent.stdin.close()
            parent.wait(30)

    def _started(self, service: str) -> subprocess.Popen[str]:
        command = [sys.executable, SCRIPT, service]
        self._parents[service] = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        return self._parents[service]


def serve(service: str) -> None:
    """Import, then fork whenever a line comes in."""
    importlib.import_module(f"warta_{service}.app")
    doomed = importlib.import_module("doomed")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them: they leave no zombies
    forked: list[int] = []
    for line in iter(sys.stdin.readline, ""):
        asked = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _become(asked["environment"], asked["log"])
            os._exit(doomed.main(service))
        forked.append(pid)
        print(pid, flush=True)
    for pid in forked:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)


def _become(environment: Mapping[str, str], log: str) -> None:
    """A process of its own: its group, its environment, its log, the usual signals."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(environment)
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(source, target)


if __name__ == "__main__":
    serve(sys.argv[1])

"""One process under supervision, as a state machine that is asked to look now and then."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from enum import StrEnum

import psutil

from warta_local.processes.child import Child, last_lines
from warta_local.supervisor.program import Program

log = logging.getLogger(__name__)

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
# A process that ran so long has got over what ended it before.
SOUND_AFTER = 60.0
PROBE_EVERY_STARTING = 0.25
PROBE_EVERY_LATER = 2.0


class Phase(StrEnum):
    """Where a process stands."""

    STOPPED = "stopped"
    STARTING = "starting"
    READY = "ready"
    NOT_READY = "not ready"
    WAITING = "waiting to restart"


@dataclass(frozen=True, slots=True)
class Look:
    """What is known of a process: `memory` in bytes with all that it started, `problem` '' when ready."""

    name: str
    phase: Phase
    port: int
    pid: int | None
    restarts: int
    memory: int
    problem: str


class Supervised:
    """Started once, then restarted whenever it ends, after a pause that doubles up to `longest_pause` seconds."""

    def __init__(self, program: Program, longest_pause: float = LONGEST_PAUSE) -> None:
        self.program = program
        self.phase = Phase.STOPPED
        self.restarts = 0
        self.problem = ""
        self._child: Child | None = None
        self._pause, self._longest_pause = FIRST_PAUSE, longest_pause
        self._started = 0.0
        self._due = 0.0

    @property
    def pid(self) -> int | None:
        """The process, while it runs."""
        return self._child.pid if self._child and self._child.exit_code is None else None

    def begin(self) -> None:
        """Start; what goes wrong is raised."""
        self._child = self.program.begin()
        self._started = time.monotonic()
        self._due = 0.0
        self.phase, self.problem = Phase.STARTING, "starting"

    def tend(self) -> None:
        """Restart what has ended and is due, ask for readiness where that is due; never blocks for long."""
        now = time.monotonic()
        if self.phase is Phase.STOPPED or now < self._due:
            return
        if self.phase is Phase.WAITING:
            self._begin_again()
        elif self._child and self._child.exit_code is not None:
            self._wait(f"ended with code {self._child.exit_code}")
        else:
            self._probe(now)

    def last_words(self) -> str:
        """Why it does not run, with the end of its log."""
        tail = f"; the end of {self._child.log}:\n{last_lines(self._child.log)}" if self._child else ""
        return f"{self.program.name} {self.problem}{tail}"

    def terminate(self) -> None:
        """Ask the process to end, and restart it no more."""
        self.phase, self.problem = Phase.STOPPED, ""
        if self._child:
            self._child.terminate()

    def finished(self) -> bool:
        """Whether the process has ended."""
        return self.pid is None

    def kill(self) -> None:
        """End what is left, at once."""
        self.phase, self.problem = Phase.STOPPED, ""
        if self._child:
            self._child.kill()

    def look(self) -> Look:
        """What is known now."""
        program = self.program
        pid = self.pid
        memory = _memory(pid) if pid else 0
        return Look(program.name, self.phase, program.port, pid, self.restarts, memory, self.problem)

    def _begin_again(self) -> None:
        self.restarts += 1
        try:
            self.begin()
        except (RuntimeError, OSError) as error:
            self._wait(str(error))

    def _wait(self, reason: str) -> None:
        """Pause before the next start."""
        now = time.monotonic()
        if self._child and now - self._started > SOUND_AFTER:
            self._pause = FIRST_PAUSE
        log.warning("%s %s; starting it again in %.1f s", self.program.name, reason, self._pause)
        self.phase, self.problem = Phase.WAITING, reason
        self._due = now + self._pause
        self._pause = min(self._pause * 2, self._longest_pause)

    def _probe(self, now: float) -> None:
        self.problem = self.program.problem()
        if not self.problem:
            self.phase = Phase.READY
        elif self.phase is not Phase.STARTING:
            self.phase = Phase.NOT_READY
        self._due = now + (PROBE_EVERY_STARTING if self.phase is Phase.STARTING else PROBE_EVERY_LATER)


def _memory(pid: int) -> int:
    """Resident bytes of a process and of all that it started."""
    total = 0
    try:
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
    except psutil.Error:
        return 0
    for member in family:
        try:
            total += member.memory_info().rss
        except psutil.Error:
            continue
    return total

"""Health is progress: a loop that has not come round in time is named, a ping alone proves nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

Condition = Callable[[], Awaitable[str]]

CONDITION_SECONDS = 2.0


@dataclass
class Heartbeat:
    """A loop's last sign of life (monotonic seconds), the longest silence that is normal, its last failure."""

    longest_silence: float
    last: float = field(default_factory=time.monotonic)
    problem: str = ""

    def silent_for(self) -> float:
        """Seconds since the last sign of life."""
        return time.monotonic() - self.last


class Health:
    """The heartbeats and conditions of one process.

    A condition is asked at each readiness check and answers '' or what is wrong. `fatal` is set when the
    process must end (and be started anew by whoever supervises it).
    """

    def __init__(self) -> None:
        self.fatal = ""
        self._heartbeats: dict[str, Heartbeat] = {}
        self._conditions: dict[str, Condition] = {}

    def expect(self, loop: str, longest_silence: float) -> None:
        """From now on `loop` must call `beat` at least that often (seconds)."""
        self._heartbeats[loop] = Heartbeat(longest_silence)

    def beat(self, loop: str, problem: str = "") -> None:
        """`loop` has come round, with `problem` in vain: it moves, so it lives, but the process is not ready."""
        heartbeat = self._heartbeats[loop]
        heartbeat.last, heartbeat.problem = time.monotonic(), problem

    def add_condition(self, name: str, condition: Condition) -> None:
        """Ask `condition` at each readiness check."""
        self._conditions[name] = condition

    def standing(self) -> dict[str, str]:
        """The loops that stand still, with for how long."""
        return {
            name: f"no progress for {beat.silent_for():.0f} s"
            for name, beat in self._heartbeats.items()
            if beat.silent_for() > beat.longest_silence
        }

    async def problems(self) -> dict[str, str]:
        """All that keeps this process from being ready, by name; empty when it is ready."""
        found = {name: beat.problem for name, beat in self._heartbeats.items() if beat.problem}
        found |= self.standing()
        if self.fatal:
            found["process"] = self.fatal
        for name, condition in self._conditions.items():
            try:
                async with asyncio.timeout(CONDITION_SECONDS):
                    problem = await condition()
            except Exception as error:  # a check that fails is a problem found, not a reason to fail
                problem = f"{type(error).__name__}: {error}"[:200]
            if problem:
                found[name] = problem
        return found

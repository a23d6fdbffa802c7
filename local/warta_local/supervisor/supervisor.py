"""All processes of a stack: tiers that start one after the other and stop in reverse."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from warta_local.errors import LocalError
from warta_local.processes.child import ProcessEnded
from warta_local.supervisor.program import Program
from warta_local.supervisor.supervised import LONGEST_PAUSE, Look, Phase, Supervised

log = logging.getLogger(__name__)

TICK_SECONDS = 0.1
NOTE_EVERY = 1.0


class NotReady(LocalError):
    """A process was not ready in time; the message says which and why."""


class Interrupted(LocalError):
    """Asked to stop while starting."""


class Supervisor:
    """Supervises tiers of programs in a thread of its own.

    `note` is called about once a second with what is known of all. `interrupted` is asked while something is
    waited for: True ends the waiting. `longest_pause`: seconds before something is started again, at the most.
    """

    def __init__(
        self,
        note: Callable[[list[Look]], None] = lambda _looks: None,
        interrupted: Callable[[], bool] = lambda: False,
        longest_pause: float = LONGEST_PAUSE,
    ) -> None:
        self._tiers: list[list[Supervised]] = []
        self._note = note
        self._interrupted = interrupted
        self._longest_pause = longest_pause
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="supervisor", daemon=True)

    def start_tier(self, programs: Sequence[Program], ready_within: float, *, patient: bool = False) -> None:
        """Start programs together and wait until all are ready.

        An end while starting raises ProcessEnded, unless `patient`: then it is started again, up to
        `ready_within` seconds; after that NotReady.
        """
        tier = [Supervised(program, self._longest_pause) for program in programs]
        with self._lock:
            self._tiers.append(tier)
            for supervised in tier:
                supervised.begin()
        if not self._thread.is_alive():
            self._thread.start()
        self._wait(tier, ready_within, patient=patient)

    def looks(self) -> list[Look]:
        """What is known of every process, in the order of their start."""
        return [supervised.look() for tier in self._tiers for supervised in tier]

    def look(self, name: str) -> Look:
        """What is known of one process."""
        return next(look for look in self.looks() if look.name == name)

    def stop(self, forced: Callable[[], bool] = lambda: False) -> None:
        """Stop tier by tier, the last one first; when `forced` says so, kill what is left."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()
        for tier in reversed(self._tiers):
            _stop(tier, forced)
        self._note(self.looks())

    def _wait(self, tier: list[Supervised], ready_within: float, *, patient: bool) -> None:
        deadline = time.monotonic() + ready_within
        while not all(supervised.phase is Phase.READY for supervised in tier):
            if self._interrupted():
                raise Interrupted
            for supervised in tier:
                if supervised.phase is Phase.WAITING and not patient:
                    raise ProcessEnded(supervised.last_words())
            if time.monotonic() > deadline:
                late = [s for s in tier if s.phase is not Phase.READY]
                names = "; ".join(f"{s.program.name}: {s.problem}" for s in late)
                raise NotReady(f"not ready within {ready_within:.0f} s: {names}")
            time.sleep(TICK_SECONDS / 2)

    def _run(self) -> None:
        noted = 0.0
        while not self._stopping.wait(TICK_SECONDS):
            with self._lock:
                everyone = [supervised for tier in self._tiers for supervised in tier]
            for supervised in everyone:
                if not self._stopping.is_set():
                    supervised.tend()
            if time.monotonic() - noted > NOTE_EVERY:
                noted = time.monotonic()
                with suppress(OSError):  # a full disk must not end the supervision
                    self._note(self.looks())


def _stop(tier: list[Supervised], forced: Callable[[], bool]) -> None:
    for supervised in tier:
        supervised.terminate()
    begun = time.monotonic()
    while waiting := [s for s in tier if not s.finished()]:
        for supervised in waiting:
            late = time.monotonic() - begun > supervised.program.grace
            if late or forced():
                log.warning("%s does not end: killed", supervised.program.name)
                supervised.kill()
        time.sleep(TICK_SECONDS / 2)
    for supervised in tier:
        supervised.kill()

"""One trial: load, a fault, its recovery, quiet, and the oracle's word."""

from __future__ import annotations

import random
import re
import time
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from faults.ledger import Ledger
from faults.load import Load, Traffic
from faults.oracle import Verdict, judge
from faults.rig.rig import Rig

ORDINARY = Traffic()
LATER_SECONDS = 8.0
WARM_SECONDS = (0.2, 0.7)


@dataclass
class Trial:
    """What a fault may use. `after`: checks of this row alone, once all is quiet."""

    rig: Rig
    ledger: Ledger
    chance: random.Random
    load: Load
    after: list[Callable[[], None]] = field(default_factory=list)


@dataclass(frozen=True)
class Row:
    """A row of the fault matrix: `fault` does it and mends it, under load. `needs` says why it cannot run here.

    `place`: which kind of Redis it is for. `again_within`: seconds from the end of the fault to a fresh article in the
    index, 0 for no bound.
    """

    name: str
    place: str
    fault: Callable[[Trial], None]
    traffic: Traffic = ORDINARY
    needs: Callable[[], str] = lambda: ""
    again_within: float = 0.0

    @property
    def slug(self) -> str:
        """The name for a command line."""
        return re.sub(r"[^a-z0-9]+", "-", self.name.lower())


@dataclass
class Result:
    """What came of a trial; seconds, bytes. `problem` is '' for a pass."""

    row: str
    slug: str
    seed: int
    version: str = ""
    accepted: int = 0
    pushes: int = 0
    unanswered: int = 0
    refused: int = 0
    documents: int = 0
    excused: int = 0
    redelivered: int = 0
    dead_letters: int = 0
    recovery: float = 0.0
    seconds: float = 0.0
    memory: int = 0
    verdict: Verdict = field(default_factory=Verdict)
    problem: str = ""

    def as_json(self) -> dict[str, Any]:
        """For the report."""
        return asdict(self)


def run_trial(rig: Rig, row: Row, seed: int, folder: Path) -> Result:
    """Never raises but for an interrupt: what went wrong is the result's `problem`."""
    result = Result(row.name, row.slug, seed, rig.place.version())
    began = time.monotonic()
    try:
        rig.reset()
        _run(rig, row, result, folder)
    except Exception as error:
        result.problem = result.problem or f"{type(error).__name__}: {error}"[:1_000]
        traceback.print_exc()
    result.seconds = time.monotonic() - began
    return result


def _run(rig: Rig, row: Row, result: Result, folder: Path) -> None:
    ledger = Ledger(folder, result.seed)
    trial = Trial(rig, ledger, random.Random(result.seed), Load(rig.pusher(ledger), row.traffic))
    buried, reclaimed = len(rig.streams.dead_ids()), rig.reclaimed()
    rig.fleet.forget_peak()
    began = time.monotonic()
    trial.load.start()
    try:
        time.sleep(trial.chance.uniform(*WARM_SECONDS))
        row.fault(trial)
        result.recovery = rig.arrives(ledger)
    finally:
        rig.ground.heal()
        trial.load.finish()
    rig.quiet()
    result.memory = rig.fleet.peak()
    dead = rig.streams.dead_ids()
    documents = rig.ground.documents(result.seed)
    result.verdict = judge(ledger, documents, dead)
    result.accepted, result.pushes, result.documents = len(ledger.accepted), ledger.pushes, len(documents)
    result.excused = sum(map(ledger.is_excused, ledger.accepted))
    result.unanswered, result.refused = trial.load.told["unanswered"], trial.load.told["refused"]
    result.redelivered = max(0, int(rig.reclaimed() - reclaimed))
    result.dead_letters = max(0, len(dead) - buried)
    result.problem = _problem(row, result)
    if not result.verdict.clean:
        time.sleep(LATER_SECONDS)
        later = judge(ledger, rig.ground.documents(result.seed), rig.streams.dead_ids())
        result.problem += f"; {LATER_SECONDS:.0f} s later: {_told(later) or 'clean'}"
        result.problem += f"; accepted (s after the beginning): {_when(ledger, began, result.verdict)}"
    for check in trial.after:
        check()


def _problem(row: Row, result: Result) -> str:
    if not result.verdict.clean:
        return f"not clean: {_told(result.verdict)}"
    if not result.accepted:
        return "nothing was accepted"
    if row.again_within and result.recovery > row.again_within:
        return f"useful work only after {result.recovery:.1f} s, {row.again_within:.0f} were allowed"
    return ""


def _told(verdict: Verdict) -> str:
    return "; ".join(f"{kind} {numbers[:10]}" for kind, numbers in asdict(verdict).items() if numbers)


def _when(ledger: Ledger, began: float, verdict: Verdict) -> str:
    numbers = {number for some in asdict(verdict).values() for number in some}
    return ", ".join(f"{n}: {ledger.accepted_at.get(n, began) - began:.2f}" for n in sorted(numbers)[:10])

"""Rows about servers that are away for long (`OUTAGE=600`): nothing lost, memory bounded, then full speed."""

from __future__ import annotations

import itertools
import os
import signal
import time
from collections.abc import Callable

from faults.load import Traffic
from faults.rig.tcp_proxy import Line
from faults.trials.trial import Row, Trial
from waiting import eventually

SHORT_SECONDS = 5.0
DRAINED_SECONDS = 300.0
GROWTH_BYTES = 200_000_000
# From so long an outage on the speeds can be compared: before, what is left is read in two or three batches.
COMPARABLE_SECONDS = 60.0
LEAST_SPEED = 0.8
# So long a pause of the reader gathers enough to see its full speed.
PAUSE_SECONDS = 90.0
WARMING_PAUSES = 4
LOOK_SECONDS = 0.2

Sample = tuple[float, int]


def outage_seconds() -> float:
    """As asked for."""
    return float(os.environ.get("FAULTS_OUTAGE") or SHORT_SECONDS)


def elasticsearch_away(trial: Trial) -> None:
    """The index hop waits meanwhile, then reads what has gathered as fast as after pauses of its reader."""
    seconds = outage_seconds()
    line = trial.rig.ground.line
    comparable = seconds >= COMPARABLE_SECONDS
    before = _warm_speed(trial) if comparable else 0.0
    began = trial.rig.fleet.memory()
    away = _drained(trial, seconds, lambda: line.make(Line.CUT), lambda: line.make(Line.SOUND))
    grown = trial.rig.fleet.memory() - began
    assert grown < GROWTH_BYTES, f"the services hold {grown / 1e6:.0f} MB more than before"
    if comparable:
        speeds = away, before, _paused(trial, PAUSE_SECONDS)
        trial.after.append(lambda: _check_speed(*speeds))


def _check_speed(away: float, before: float, after: float) -> None:
    told = f"{away:.0f}/s after the outage, {before:.0f} and {after:.0f} after pauses of the reader around it"
    print(f"  {told}", flush=True)
    assert away > LEAST_SPEED * (before + after) / 2, told


def _warm_speed(trial: Trial) -> float:
    """The speed after a pause, once Elasticsearch is warm: its speed grows over some 50,000 documents."""
    return [_paused(trial, PAUSE_SECONDS) for _ in range(WARMING_PAUSES)][-1]


def _paused(trial: Trial, seconds: float) -> float:
    """The speed with which the index hop reads what gathers while its reader stands still."""
    reader = trial.rig.fleet.of("index")[0]
    return _drained(
        trial, seconds, lambda: reader.signal(signal.SIGSTOP), lambda: reader.signal(signal.SIGCONT)
    )


def redis_away(trial: Trial) -> None:
    """Pushers wait; what they then push is taken."""
    began = trial.rig.fleet.memory()
    trial.rig.server.server.kill()
    time.sleep(outage_seconds())
    trial.rig.server.server.start()
    grown = trial.rig.fleet.memory() - began
    assert grown < GROWTH_BYTES, f"the services hold {grown / 1e6:.0f} MB more than before"


def _drained(trial: Trial, seconds: float, begin: Callable[[], object], end: Callable[[], object]) -> float:
    """Messages a second between nine tenths and one tenth of what has gathered."""
    begin()
    time.sleep(seconds)
    end()
    samples: list[Sample] = []

    def low() -> bool:
        samples.append((time.monotonic(), trial.rig.streams.backlog()))
        return samples[-1][1] <= max(number for _, number in samples) / 10

    eventually(low, DRAINED_SECONDS + 2 * seconds, what="a drained backlog", every=LOOK_SECONDS)
    return _speed(samples)


def _speed(samples: list[Sample]) -> float:
    most = max(number for _, number in samples)
    falling = list(itertools.dropwhile(lambda one: one[1] < most, samples))
    high = next((one for one in falling if one[1] <= most * 0.9), falling[0])
    low = falling[-1]
    return (high[1] - low[1]) / max(low[0] - high[0], LOOK_SECONDS)


STEADY = Traffic(size=30, edits=5, pause=0.2)
ROWS = [
    Row("Elasticsearch away", "one", elasticsearch_away, STEADY),
    Row("Redis away", "one", redis_away, STEADY),
]

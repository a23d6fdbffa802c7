"""Rows about our own processes: killed, paused, restarted, multiplied, with wrong clocks."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from functools import partial

from faults.load import Traffic
from faults.rig.fleet import SERVICES
from faults.rig.ground import QUICK
from faults.trials.trial import Row, Trial
from waiting import eventually

CLAIM_SECONDS = float(QUICK["WARTA_MIN_IDLE"])
# Ten, with an allowance for a machine that does other things: the reports tell the seconds.
AGAIN_SECONDS = 25.0
MET_SECONDS = 30.0
HOUR_MS = 3_600_000

# Where a service is killed, and how the row is called.
PLACES = (
    ("ingest", "pushed", "before publish"),
    ("ingest", "published", "after publish, before the answer"),
    ("enrich", "read", "after read"),
    ("enrich", "handled", "before ack and publish"),
    ("enrich", "committed", "after ack and publish"),
    ("index", "read", "after read"),
    ("index", "bulk-sent", "bulk request in flight"),
    ("index", "bulk-answered", "after bulk"),
    ("index", "handled", "before ack"),
    ("index", "committed", "after ack"),
)


def kill_at(trial: Trial, service: str, place: str) -> None:
    """Once, at a named place, so that work is in hand by definition."""
    eventually(trial.rig.arm(service, place), MET_SECONDS, what=f"{service} at {place}")


def kill_while_claiming(trial: Trial, service: str) -> None:
    """The one who takes over from a dead worker dies as well."""
    kill_at(trial, service, "read")
    kill_at(trial, service, "claimed")


def kill_anyone(trial: Trial) -> None:
    """Four times whoever is at work, at random moments."""
    for _ in range(4):
        trial.rig.kill(trial.chance.choice(SERVICES))
        time.sleep(trial.chance.uniform(0.1, 0.7))


def kill_all(trial: Trial) -> None:
    """All three at the same moment."""
    for service in SERVICES:
        trial.rig.kill(service)


def zombie(trial: Trial, service: str) -> None:
    """Paused for twice the claim time with a batch in hand: another takes over, then the sleeper wakes."""
    trial.rig.fleet.scale(service, 2)
    eventually(trial.rig.fleet.all_ready, MET_SECONDS, what="a second replica")
    sleeper = trial.rig.kill(service, signal.SIGSTOP)
    time.sleep(2 * CLAIM_SECONDS)
    sleeper.signal(signal.SIGCONT)


def rolling_restart(trial: Trial) -> None:
    """One service after the other is stopped and started as an upgrade does it."""
    for service in SERVICES:
        trial.rig.replace(service)


def scale(trial: Trial) -> None:
    """1 -> 4 -> 0 -> 1 of a service."""
    service = trial.chance.choice(("enrich", "index"))
    trial.rig.fleet.scale(service, 4)
    eventually(trial.rig.fleet.all_ready, MET_SECONDS * 2, what="four replicas")
    trial.rig.fleet.scale(service, 0)
    time.sleep(0.5)
    trial.rig.fleet.scale(service, 1)


def wrong_clocks(trial: Trial) -> None:
    """Two replicas of ingest that are two hours apart write versions of the same articles."""
    fleet = trial.rig.fleet
    fleet.scale("ingest", 2, {"FAULTS_CLOCK_SKEW": str(HOUR_MS)})
    eventually(fleet.all_ready, MET_SECONDS, what="the one that is early")
    time.sleep(1)
    fleet.scale("ingest", 3, {"FAULTS_CLOCK_SKEW": str(-HOUR_MS)})
    eventually(fleet.all_ready, MET_SECONDS, what="the one that is late")
    time.sleep(1)


def many_pushers(trial: Trial) -> None:
    """Versions overtake each other on two replicas, some pushes come late or twice."""
    trial.rig.fleet.scale("ingest", 2)
    eventually(trial.rig.fleet.all_ready, MET_SECONDS, what="a second replica")
    time.sleep(2)


def _killed() -> list[Row]:
    return [
        Row(
            f"kill {service} {told}",
            "one",
            partial(kill_at, service=service, place=place),
            again_within=AGAIN_SECONDS,
        )
        for service, place, told in PLACES
    ]


def _others() -> list[Row]:
    faults: dict[str, Callable[[Trial], None]] = {
        "kill enrich while it claims": partial(kill_while_claiming, service="enrich"),
        "kill index while it claims": partial(kill_while_claiming, service="index"),
        "kill anyone, four times": kill_anyone,
        "kill all services": kill_all,
        "zombie enrich": partial(zombie, service="enrich"),
        "zombie index": partial(zombie, service="index"),
        "rolling restart": rolling_restart,
        "scale 1-4-0-1": scale,
        "clocks two hours apart": wrong_clocks,
    }
    return [Row(name, "one", fault) for name, fault in faults.items()]


ROWS = [
    *_killed(),
    *_others(),
    Row("pushes reordered and repeated", "one", many_pushers, Traffic(edits=8, late=2)),
]

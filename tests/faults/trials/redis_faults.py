"""Rows about Redis: killed, paused, without memory, without disk, emptied, after a power cut."""

from __future__ import annotations

import os
import signal
import time

from faults.rig.replicas import WithReplica
from faults.rig.special_servers import Tmpfs
from faults.trials.trial import Row, Trial
from waiting import eventually

# What `appendfsync everysec` may lose: the second since the last fsync, and the write that was in its way.
UNSYNCED_SECONDS = 2.0
ENOUGH = 512 * 1_024 * 1_024


def killed(trial: Trial) -> None:
    """SIGKILL, then a start on the same files."""
    server = trial.rig.server.server
    excuse_slow_disk(trial)
    server.kill()
    time.sleep(trial.chance.uniform(0.1, 1.0))
    server.start()


def killed_with_services(trial: Trial) -> None:
    """Redis and every service at the same moment, as when all containers are killed."""
    server = trial.rig.server.server
    for service in ("ingest", "enrich", "index"):
        trial.rig.kill(service)
    excuse_slow_disk(trial)
    server.kill()
    time.sleep(0.3)
    server.start()


def excuse_slow_disk(trial: Trial) -> None:
    """While an fsync takes its time, Redis answers before it writes: a kill then loses what a power cut would."""
    if trial.rig.server.admin().info("persistence")["aof_pending_bio_fsync"]:
        trial.ledger.forget(since=time.monotonic() - UNSYNCED_SECONDS)


def paused(trial: Trial) -> None:
    """SIGSTOP for some seconds."""
    pid = trial.rig.server.server.pid
    os.kill(pid, signal.SIGSTOP)
    time.sleep(trial.chance.uniform(2.0, 4.0))
    os.kill(pid, signal.SIGCONT)


def out_of_memory(trial: Trial) -> None:
    """No memory for more: pushes are answered 503, the stages drain, and one that starts anew drains too."""
    admin = trial.rig.server.admin()
    admin.config_set("maxmemory", admin.info("memory")["used_memory"])
    eventually(lambda: trial.load.told["refused"] > 2, 20, what="503 to pushes")
    trial.rig.kill("enrich")
    trial.rig.kill("index")
    eventually(trial.rig.fleet.all_ready, 30, what="a start while memory is full")
    eventually(lambda: trial.rig.streams.backlog() == 0, 30, what="drained while memory is full")
    admin.config_set("maxmemory", ENOUGH)


def emptied(trial: Trial) -> None:
    """FLUSHALL: what Redis alone had is gone; the services end and start anew, and what comes then arrives."""
    before = {service: trial.rig.fleet.of(service)[0].restarts for service in ("ingest", "enrich", "index")}
    trial.rig.server.admin().flushall()
    trial.ledger.forget()
    for service, restarts in before.items():
        eventually(
            lambda service=service, restarts=restarts: trial.rig.fleet.of(service)[0].restarts > restarts,
            40,
            what=f"the end of {service}",
        )
    eventually(trial.rig.fleet.all_ready, 40, what="readiness after FLUSHALL")


def disk_full(trial: Trial) -> None:
    """No room for the append-only file: pushes are answered 503 until there is some again."""
    folder = trial.rig.server.folder
    filler = folder.parent / "filler"
    try:
        with filler.open("wb") as file:
            while True:
                file.write(b"\0" * 4_096)
                file.flush()
    except OSError:
        pass
    try:
        eventually(lambda: trial.load.told["refused"] > 2, 20, what="503 to pushes")
        time.sleep(1)
    finally:
        filler.unlink()


def failed_over(trial: Trial) -> None:
    """The master dies and its replica takes its place; a push waited for both."""
    place = trial.rig.place
    assert isinstance(place, WithReplica)
    place.fail_over()


ROWS = [
    Row("Redis killed", "one", killed),
    Row("Redis and all services killed", "one", killed_with_services),
    Row("Redis paused", "one", paused),
    Row("Redis out of memory", "one", out_of_memory),
    Row("FLUSHALL", "one", emptied),
    Row("Redis without disk space", "tmpfs", disk_full, needs=Tmpfs.needs),
    Row("failover to a replica", "replica", failed_over),
    Row("all killed, WARTA_FSYNC_ACK", "synced", killed_with_services),
    Row("Valkey killed", "valkey", killed),
    Row("Valkey out of memory", "valkey", out_of_memory),
]

"""Rows about Redis: killed, paused, without memory, without disk, emptied, after a power cut."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

from faults.rig.places import OneServer, WithReplica
from faults.rig.rig import until
from faults.trials.trial import Row, Trial

# What `appendfsync everysec` may lose: the second since the last fsync, and the write that was in its way.
UNSYNCED_SECONDS = 2.0
SAMPLE_SECONDS = 0.05
ENOUGH = 512 * 1_024 * 1_024


def killed(trial: Trial) -> None:
    """SIGKILL, then a start on the same files."""
    server = trial.rig.server.server
    server.kill()
    time.sleep(trial.chance.uniform(0.1, 1.0))
    server.start()


def killed_with_services(trial: Trial) -> None:
    """Redis and every service at the same moment, as when all containers are killed."""
    server = trial.rig.server.server
    for service in ("ingest", "enrich", "index"):
        trial.rig.kill(service)
    server.kill()
    time.sleep(0.3)
    server.start()


def paused(trial: Trial) -> None:
    """SIGSTOP for some seconds."""
    pid = trial.rig.server.server.pid
    os.kill(pid, signal.SIGSTOP)
    time.sleep(trial.chance.uniform(2.0, 4.0))
    os.kill(pid, signal.SIGCONT)


def power_cut(trial: Trial) -> None:
    """The append-only file ends where it was up to two seconds ago, in the middle of a command or not.

    What was accepted since then may be lost, and only that.
    """
    server = trial.rig.server.server
    samples: list[tuple[float, int]] = []
    began = time.monotonic()
    while time.monotonic() - began < UNSYNCED_SECONDS:
        samples.append((time.monotonic(), _append_only(server.data_dir).stat().st_size))
        time.sleep(SAMPLE_SECONDS)
    server.kill()
    moment, size = trial.chance.choice(samples)
    os.truncate(_append_only(server.data_dir), size + trial.chance.randrange(-20, 1))
    server.start()
    trial.ledger.forget(since=moment - 2 * SAMPLE_SECONDS)
    trial.after.append(lambda: mended(trial))


def mended(trial: Trial) -> None:
    """Documents of what Redis forgot are `phantom` or `ahead` for the audit; once repaired, nothing is left to say."""
    trial.rig.command("audit", "--grace", "0", "--repair")
    found = trial.rig.command("audit", "--grace", "0")
    assert found.returncode == 0, found.stdout


def power_cut_always(trial: Trial) -> None:
    """With `appendfsync always` only a command that nobody was told of can be torn: nothing may be lost."""
    place = trial.rig.server
    place.admin().config_set("appendfsync", "always")
    time.sleep(1)
    place.server.kill()
    with _append_only(place.server.data_dir).open("ab") as file:
        file.write(b"*3\r\n$3\r\nSET\r\n$5\r\ntorn"[: trial.chance.randrange(4, 24)])
    place.server.start()  # its configuration says everysec again


def out_of_memory(trial: Trial) -> None:
    """No memory for more: pushes are answered 503, the stages drain, and one that starts anew drains too."""
    admin = trial.rig.server.admin()
    admin.config_set("maxmemory", admin.info("memory")["used_memory"])
    until(lambda: trial.load.told["refused"] > 2, 20, "503 to pushes")
    trial.rig.kill("enrich")
    trial.rig.kill("index")
    until(trial.rig.fleet.all_ready, 30, "a start while memory is full")
    until(lambda: trial.rig.backlog() == 0, 30, "drained while memory is full")
    admin.config_set("maxmemory", ENOUGH)


def emptied(trial: Trial) -> None:
    """FLUSHALL: what Redis alone had is gone; the services end and start anew, and what comes then arrives."""
    before = {service: trial.rig.fleet.of(service)[0].restarts for service in ("ingest", "enrich", "index")}
    trial.rig.server.admin().flushall()
    trial.ledger.forget()
    for service, restarts in before.items():
        until(
            lambda service=service, restarts=restarts: trial.rig.fleet.of(service)[0].restarts > restarts,
            40,
            f"the end of {service}",
        )
    until(trial.rig.fleet.all_ready, 40, "readiness after FLUSHALL")


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
        until(lambda: trial.load.told["refused"] > 2, 20, "503 to pushes")
        time.sleep(1)
    finally:
        filler.unlink()


def failed_over(trial: Trial) -> None:
    """The master dies and its replica takes its place; a push waited for both."""
    place = trial.rig.place
    assert isinstance(place, WithReplica)
    place.fail_over()


def _append_only(folder: Path) -> Path:
    """The file that grows."""
    return max((folder / "appendonlydir").glob("*.incr.aof"), key=lambda path: int(path.name.split(".")[-3]))


class Tmpfs:
    """A small file system in memory; `needs` says why there can be none."""

    def __init__(self, folder: Path, megabytes: int = 24) -> None:
        self.folder, self._megabytes = folder, megabytes

    def mount(self) -> Path:
        """The mounted folder."""
        self.folder.mkdir(parents=True)
        command = ["mount", "-t", "tmpfs", "-o", f"size={self._megabytes}m", "tmpfs", str(self.folder)]
        subprocess.run(command, check=True, capture_output=True)
        return self.folder

    def unmount(self) -> None:
        """Away with it."""
        subprocess.run(["umount", "-l", str(self.folder)], check=True, capture_output=True)

    @staticmethod
    def needs() -> str:
        """Root, and a kernel that lets it mount."""
        if os.geteuid() != 0:
            return "only root may mount a small file system"
        probe = subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False)
        return "" if probe.returncode == 0 else "this machine lets nobody mount"


class OnTmpfs(OneServer):
    """A server whose files lie on a small file system."""

    def start(self) -> None:
        self._tmpfs = Tmpfs(self.folder.parent)
        self._tmpfs.mount()
        super().start()

    def stop(self) -> None:
        super().stop()
        self._tmpfs.unmount()


ROWS = [
    Row("Redis killed", "one", killed),
    Row("Redis and all services killed", "one", killed_with_services),
    Row("Redis paused", "one", paused),
    Row("power cut, appendfsync everysec", "one", power_cut),
    Row("power cut, appendfsync always", "one", power_cut_always),
    Row("Redis out of memory", "one", out_of_memory),
    Row("FLUSHALL", "one", emptied),
    Row("Redis without disk space", "tmpfs", disk_full, needs=Tmpfs.needs),
    Row("failover to a replica", "replica", failed_over),
    Row("Valkey killed", "valkey", killed),
    Row("Valkey out of memory", "valkey", out_of_memory),
    Row("Valkey, power cut, appendfsync everysec", "valkey", power_cut),
]

"""Rows about power cuts: the append-only file ends where it was synced last, or in the middle of a command."""

from __future__ import annotations

import os
import time
from pathlib import Path

from faults.trials.redis_faults import UNSYNCED_SECONDS
from faults.trials.trial import Row, Trial

SAMPLE_SECONDS = 0.05
# After an fsync the next one does not begin for about a second: until then nothing more may be accepted.
SAFE_SECONDS = 0.5


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
    assert found.returncode == 0, found.stdout + found.stderr


def power_cut_synced(trial: Trial) -> None:
    """With WARTA_FSYNC_ACK all that was accepted lies before the last fsync: what is cut off after it is no loss."""
    server, admin = trial.rig.server.server, trial.rig.server.admin()
    time.sleep(1)
    admin.execute_command("WAITAOF", 1, 0, 5_000)
    synced = _append_only(server.data_dir).stat().st_size
    time.sleep(trial.chance.uniform(0.0, SAFE_SECONDS))
    server.kill()
    os.truncate(_append_only(server.data_dir), synced)
    server.start()


def power_cut_always(trial: Trial) -> None:
    """With `appendfsync always` only a command that nobody was told of can be torn: nothing may be lost."""
    place = trial.rig.server
    place.admin().config_set("appendfsync", "always")
    time.sleep(1)
    place.server.kill()
    with _append_only(place.server.data_dir).open("ab") as file:
        file.write(b"*3\r\n$3\r\nSET\r\n$5\r\ntorn"[: trial.chance.randrange(4, 24)])
    place.server.start()  # its configuration says everysec again


def _append_only(folder: Path) -> Path:
    """The file that grows."""
    return max((folder / "appendonlydir").glob("*.incr.aof"), key=lambda path: int(path.name.split(".")[-3]))


ROWS = [
    Row("power cut, appendfsync everysec", "one", power_cut),
    Row("power cut, appendfsync always", "one", power_cut_always),
    Row("power cut, WARTA_FSYNC_ACK", "synced", power_cut_synced),
    Row("Valkey, power cut, appendfsync everysec", "valkey", power_cut),
]

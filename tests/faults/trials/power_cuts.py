"""Rows about power cuts: the append-only file ends where it was synced last, or in the middle of a command."""

from __future__ import annotations

import os
import socket
import time
from contextlib import suppress
from pathlib import Path

from faults.rig.places import PASSWORD, USER
from faults.trials.redis_faults import UNSYNCED_SECONDS
from faults.trials.trial import Row, Trial
from warta_local.redis_server import RedisServer

SAMPLE_SECONDS = 0.05
MARK_SECONDS = 0.02


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
    """With WARTA_FSYNC_ACK what was accepted had been synced; what is cut off was not.

    Marks are written all the while, each with a WAITAOF of its own. What Redis told others to be synced lies before
    the first mark that had no answer when it was killed: there the file ends now.
    """
    server = trial.rig.server.server
    name = f"faults-mark-{trial.chance.randrange(10**12):012}"  # the file holds those of earlier trials too
    marks: list[socket.socket] = []
    ends = time.monotonic() + trial.chance.uniform(1.0, 2.0)
    while time.monotonic() < ends:
        marks.append(_marked(server, f"{name}-{len(marks):06}"))
        time.sleep(MARK_SECONDS)
    server.kill()
    synced = sum(map(_answered, marks))
    file = _append_only(server.data_dir)
    where = file.read_bytes().find(f"{name}-{synced:06}".encode())
    if where >= 0:
        os.truncate(file, where)
    server.start()


def _marked(server: RedisServer, name: str) -> socket.socket:
    """A connection that waits for its mark to be synced."""
    connection = socket.create_connection(("127.0.0.1", server.port))
    connection.sendall(f"AUTH {USER} {PASSWORD}\r\nSET {name} 1\r\nWAITAOF 1 0 0\r\n".encode())
    return connection


def _answered(mark: socket.socket) -> bool:
    """Whether all three commands were answered before the server died."""
    told = b""
    with mark, suppress(ConnectionResetError):
        while some := mark.recv(1_000):
            told += some
    return told == b"+OK\r\n+OK\r\n*2\r\n:1\r\n:0\r\n"


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

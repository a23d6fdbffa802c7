"""One supervisor in a folder: a lock that ends with its holder, and what an earlier one may have left."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import time
from typing import IO

from warta_local.errors import LocalError
from warta_local.processes.ports import LOOPBACK
from warta_local.stack.folder import StackFolder
from warta_local.stack.record import Record, is_same, read_record

GRACE_SECONDS = 20.0


class Occupied(LocalError):
    """A stack runs in this folder already; the message says which and how to reach it."""


def occupy(folder: StackFolder) -> IO[str]:
    """Take the folder's lock and end what an earlier stack left behind; close the file to give it back."""
    lock = try_lock(folder)
    if lock is None:
        raise Occupied(_who(folder, read_record(folder.record)))
    try:
        end_leftovers(folder)
    except BaseException:
        lock.close()
        raise
    return lock


def try_lock(folder: StackFolder) -> IO[str] | None:
    """The lock, or None while a supervisor holds it. The kernel frees it however the holder ends."""
    file = folder.lock.open("a")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def end_leftovers(folder: StackFolder) -> None:
    """Processes that outlived a killed supervisor, known by pid and starting time."""
    record = read_record(folder.record)
    left = [p for p in record.processes if is_same(p.pid, p.created)] if record else []
    for number, seconds in ((signal.SIGTERM, GRACE_SECONDS), (signal.SIGKILL, GRACE_SECONDS)):
        for process in left:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid or 0, number)
        deadline = time.monotonic() + seconds
        while left and time.monotonic() < deadline:
            left = [process for process in left if is_same(process.pid, process.created)]
            time.sleep(0.05)


def _who(folder: StackFolder, record: Record | None) -> str:
    if record is None or not record.running:
        return f"a stack is being started or stopped in {folder.root}: wait a moment"
    ingest = record.urls.get("ingest", f"http://{LOOPBACK}")
    return (
        f"a stack is {record.state} in {folder.root} already (process {record.supervisor_pid}, push API at "
        f"{ingest}): use it, end it with `warta local down`, or choose another folder with --dir"
    )

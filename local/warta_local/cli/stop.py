"""How `warta local down` stops a stack that another process supervises."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress

from warta_local.stack import StackFailed, StackFolder, read_record
from warta_local.stack.occupancy import end_leftovers, try_lock

STOP_SECONDS = 180.0


def stop_stack(folder: StackFolder, *, wipe: bool) -> bool:
    """Ask the supervisor to stop and wait until it has; returns whether there was one.

    Also ends what a killed supervisor left behind. `wipe`: remove the data afterwards.
    """
    deadline = time.monotonic() + STOP_SECONDS
    asked = False
    while (lock := try_lock(folder)) is None:
        record = read_record(folder.record)
        if record and record.running and not asked:
            with suppress(ProcessLookupError):
                os.kill(record.supervisor_pid, signal.SIGTERM)
            asked = True
        if time.monotonic() > deadline:
            raise StackFailed(f"the stack in {folder.root} did not stop within {STOP_SECONDS:.0f} s")
        time.sleep(0.1)
    with lock:
        _wait_for_supervisor(folder, deadline)
        end_leftovers(folder)
        if wipe:
            folder.wipe()
    return asked


def _wait_for_supervisor(folder: StackFolder, deadline: float) -> None:
    """It gives the lock back moments before it ends."""
    record = read_record(folder.record)
    while record and record.running and time.monotonic() < deadline:
        time.sleep(0.02)

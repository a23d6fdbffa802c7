"""Nothing that we start outlives us, however we end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

OWNER = """
import sys, threading, time
from pathlib import Path
from warta_local.processes import Child
script = "import signal, sys, time; signal.signal(signal.SIGTERM, {}); time.sleep(60)"
children = []
def start(handler):
    children.append(Child([sys.executable, "-c", script.format(handler)], log=Path(sys.argv[1])))
# From a thread that is gone by the time it matters.
thread = threading.Thread(target=start, args=("signal.SIG_DFL",))
thread.start()
thread.join()
start("signal.SIG_DFL")
children[1].kill()
start("lambda *_: sys.exit(0)")
print(children[0].pid, children[2].pid, flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_children_end_with_their_owner(tmp_path: Path, end: signal.Signals) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(tmp_path / "log")], stdout=subprocess.PIPE, text=True
    )
    assert owner.stdout is not None
    children = [psutil.Process(int(pid)) for pid in owner.stdout.readline().split()]
    assert len(children) == 2
    assert all(child.is_running() for child in children)
    time.sleep(0.3)
    os.kill(owner.pid, end)
    owner.wait()
    owner.stdout.close()
    _, alive = psutil.wait_procs(children, timeout=10)
    assert alive == []

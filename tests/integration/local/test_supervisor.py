"""Supervision of real processes: order, readiness, restarts, ends."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from warta_local.processes import Child, ProcessEnded, free_port
from warta_local.supervisor import NotReady, Phase, Program, Supervisor, http_problem

# Serves /health/ready until SIGTERM; says in a file when it started and when it ended.
SERVICE = """
import http.server, pathlib, signal, sys, time
name, port, diary, linger = sys.argv[1], int(sys.argv[2]), pathlib.Path(sys.argv[3]), float(sys.argv[4])
def note(word):
    with diary.open("a") as file:
        file.write(f"{name} {word}\\n")
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.send_header("content-length", "2"); self.end_headers(); self.wfile.write(b"ok")
    def log_message(self, *arguments): pass
def end(*_):
    time.sleep(linger); note("ended"); sys.exit(0)
signal.signal(signal.SIGTERM, end)
server = http.server.HTTPServer(("127.0.0.1", port), Handler)
note("started")
server.serve_forever()
"""
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    supervisor = Supervisor()
    yield supervisor
    supervisor.stop(forced=lambda: True)


def service(folder: Path, name: str, *, linger: float = 0.0, grace: float = 10.0) -> Program:
    port = free_port()
    command = [sys.executable, "-c", SERVICE, name, str(port), str(folder / "diary"), str(linger)]
    return Program(
        name, port, lambda: Child(command, log=folder / f"{name}.log"), lambda: http_problem(port), grace
    )


def script(folder: Path, name: str, code: str, *, problem: str = "", grace: float = 10.0) -> Program:
    command = [sys.executable, "-c", code]
    return Program(name, 0, lambda: Child(command, log=folder / f"{name}.log"), lambda: problem, grace)


def until(condition: Callable[[], bool], seconds: float = 15.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.02)


def test_tiers_start_in_order_and_stop_in_reverse(tmp_path: Path, supervisor: Supervisor) -> None:
    supervisor.start_tier([service(tmp_path, "store", linger=0.0)], 15)
    supervisor.start_tier([service(tmp_path, "reader", linger=0.5)], 15)
    assert [look.name for look in supervisor.looks()] == ["store", "reader"]
    assert all(
        look.phase is Phase.READY and look.pid and look.memory > 1_000_000 for look in supervisor.looks()
    )
    supervisor.stop()
    diary = (tmp_path / "diary").read_text(encoding="utf-8").splitlines()
    assert diary == ["store started", "reader started", "reader ended", "store ended"]
    assert all(look.phase is Phase.STOPPED and look.pid is None for look in supervisor.looks())


def test_what_was_killed_comes_back_on_its_port_and_is_counted(
    tmp_path: Path, supervisor: Supervisor
) -> None:
    program = service(tmp_path, "reader")
    supervisor.start_tier([program], 15)
    first = supervisor.look("reader")
    os.kill(first.pid or 0, signal.SIGKILL)
    until(lambda: supervisor.look("reader").restarts == 1 and supervisor.look("reader").phase is Phase.READY)
    again = supervisor.look("reader")
    assert again.pid != first.pid
    assert http_problem(program.port) == ""


def test_a_crash_loop_is_slowed_down(tmp_path: Path, supervisor: Supervisor) -> None:
    begun = time.monotonic()
    with pytest.raises(NotReady, match="sick: ended with code 7"):
        supervisor.start_tier(
            [script(tmp_path, "sick", "raise SystemExit(7)", problem="no")], 3.5, patient=True
        )
    assert time.monotonic() - begun < 8
    # Pauses of 0.5, 1 and 2 seconds.
    assert 2 <= supervisor.look("sick").restarts <= 3


def test_an_end_while_starting_shows_the_end_of_the_log(tmp_path: Path, supervisor: Supervisor) -> None:
    code = "print('the disk is on fire', flush=True); raise SystemExit(3)"
    with pytest.raises(ProcessEnded, match=r"(?s)sick ended with code 3.*the disk is on fire"):
        supervisor.start_tier([script(tmp_path, "sick", code, problem="no")], 15)


def test_what_cannot_start_again_is_tried_again(tmp_path: Path, supervisor: Supervisor) -> None:
    healthy = service(tmp_path, "reader")
    blocked = tmp_path / "blocked"

    def begin() -> Child:
        if blocked.exists():
            raise OSError(28, "No space left on device")
        return healthy.begin()

    supervisor.start_tier([Program("reader", healthy.port, begin, healthy.problem)], 15)
    blocked.touch()
    os.kill(supervisor.look("reader").pid or 0, signal.SIGKILL)
    until(lambda: "No space left" in supervisor.look("reader").problem)
    blocked.unlink()
    until(lambda: supervisor.look("reader").phase is Phase.READY)
    assert supervisor.look("reader").restarts >= 2


def test_a_process_that_stands_still_is_not_ready(tmp_path: Path, supervisor: Supervisor) -> None:
    supervisor.start_tier([service(tmp_path, "reader")], 15)
    pid = supervisor.look("reader").pid or 0
    os.kill(pid, signal.SIGSTOP)
    until(lambda: supervisor.look("reader").phase is Phase.NOT_READY)
    assert supervisor.look("reader").problem == "does not answer"
    os.kill(pid, signal.SIGCONT)
    until(lambda: supervisor.look("reader").phase is Phase.READY)
    assert supervisor.look("reader").restarts == 0


def test_what_ignores_the_end_is_killed_after_its_grace(tmp_path: Path, supervisor: Supervisor) -> None:
    supervisor.start_tier([script(tmp_path, "stubborn", STUBBORN, grace=0.5)], 15)
    time.sleep(0.3)
    begun = time.monotonic()
    supervisor.stop()
    assert 0.4 < time.monotonic() - begun < 5


def test_a_forced_stop_does_not_wait(tmp_path: Path, supervisor: Supervisor) -> None:
    supervisor.start_tier([script(tmp_path, "stubborn", STUBBORN, grace=60)], 15)
    time.sleep(0.3)
    begun = time.monotonic()
    supervisor.stop(forced=lambda: True)
    assert time.monotonic() - begun < 5


def test_workers_end_with_a_killed_leader(tmp_path: Path, supervisor: Supervisor) -> None:
    leader = (
        "import subprocess, sys, time; "
        "worker = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']); "
        "print(worker.pid, flush=True); time.sleep(600)"
    )
    supervisor.start_tier([script(tmp_path, "leader", leader)], 15)
    log = tmp_path / "leader.log"
    until(lambda: log.read_bytes().endswith(b"\n"))
    worker = psutil.Process(int(log.read_text(encoding="ascii")))
    os.kill(supervisor.look("leader").pid or 0, signal.SIGKILL)
    until(lambda: not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE)

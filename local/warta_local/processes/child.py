"""One started process: its log, its end."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

from warta_local.errors import LocalError
from warta_local.processes.account import Account
from warta_local.processes.leash import LEASH

PRIVATE = 0o600
TAIL_LINES = 15
LARGEST_LOG = 20_000_000
GONE_SECONDS = 10.0


class ProcessEnded(LocalError):
    """A process ended while it was starting; the message has the end of its log."""


class Child:
    """A running process with its whole group.

    It gets a session of its own: a Ctrl-C at the terminal reaches only us, who know the order of the ends.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        account: Account | None = None,
    ) -> None:
        """Start `command`; what it prints is added to `log`. `account`: another user to run as (we are root)."""
        other = account if account and not account.is_us else None
        _turn_over(log)
        with open(log, "ab", opener=_private) as output:
            self._process = subprocess.Popen(  # noqa: S603 - the commands are ours
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=None if env is None else dict(env),
                cwd=cwd,
                start_new_session=True,
                user=other.uid if other else None,
                group=other.gid if other else None,
                extra_groups=[] if other else None,
            )
        LEASH.hold(self.pid)
        self.log = log
        self._over = False

    @property
    def pid(self) -> int:
        """The process, and the group of all that it starts."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs; minus the signal's number after a signal.

        When it has ended, what it had started ends too: a restart must not find workers of the one before.
        """
        code = self._process.poll()
        if code is not None and not self._over:
            self._over = True
            _kill_group(self.pid)
            LEASH.release(self.pid)
        return code

    def require_running(self, name: str) -> None:
        """Raise ProcessEnded, with the end of the log, when the process has ended."""
        if self.exit_code is not None:
            raise ProcessEnded(
                f"{name} ended with code {self.exit_code} while starting; "
                f"the end of {self.log}:\n{last_lines(self.log)}"
            )

    def terminate(self) -> None:
        """Ask the process to end (SIGTERM)."""
        if self.exit_code is None:
            self._process.terminate()

    def stop(self, grace_seconds: float = 30.0) -> int:
        """SIGTERM, and SIGKILL to the whole group after the grace time; returns the exit code."""
        self.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(grace_seconds)
        return self.kill()

    def kill(self) -> int:
        """SIGKILL to the whole group, at once; returns the exit code when all of it is gone."""
        if self.exit_code is None:
            started = self._started()
            _kill_group(self.pid)
            self._process.wait()
            _wait_until_gone(started)
        return self.exit_code or 0

    def _started(self) -> list[psutil.Process]:
        """What the process itself has started: it still holds ports and locks for a moment after a kill."""
        try:
            return psutil.Process(self.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []


def _kill_group(group: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def _wait_until_gone(processes: Sequence[psutil.Process]) -> None:
    deadline = time.monotonic() + GONE_SECONDS
    while any(map(_lives, processes)) and time.monotonic() < deadline:
        time.sleep(0.01)


def _lives(process: psutil.Process) -> bool:
    """A dead process that nobody has collected yet holds nothing, once all of its threads are dead too."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE or process.num_threads() > 1
    except psutil.NoSuchProcess:  # also: a zombie whose threads cannot be counted
        return False


def last_lines(log: Path, count: int = TAIL_LINES) -> str:
    """The end of a log file, as text."""
    try:
        lines = log.read_bytes()[-20_000:].decode(errors="replace").splitlines()
    except OSError as error:
        return f"(not readable: {error.strerror})"
    return "\n".join(lines[-count:])


def _turn_over(log: Path) -> None:
    """Keep one earlier log, so that a folder which is used for months does not fill up."""
    with contextlib.suppress(FileNotFoundError):
        if log.stat().st_size > LARGEST_LOG:
            log.replace(log.with_name(f"{log.name}.1"))


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, PRIVATE)

"""Our end of the leash: one small watching process for all that this Python process starts."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

SCRIPT = Path(__file__).with_name("leash_process.py")


class Leash:
    """Names the process groups that must end when we end, whatever ends us."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._held: dict[int, None] = {}

    def hold(self, group: int) -> None:
        """Put a process group on the leash."""
        with self._lock:
            self._held[group] = None
            if not self._write(f"+{group}\n"):
                self._start()

    def release(self, group: int) -> None:
        """Take it off: it has ended, and its number may come to mean another process."""
        with self._lock:
            if self._held.pop(group, 0) is None:
                self._write(f"-{group}\n")

    def _start(self) -> None:
        """In a session of its own, so that Ctrl-C at the terminal does not reach it."""
        self._process = subprocess.Popen(  # noqa: S603 - our own script
            [sys.executable, "-I", "-S", str(SCRIPT)], stdin=subprocess.PIPE, start_new_session=True
        )
        self._write("".join(f"+{group}\n" for group in self._held))

    def _write(self, lines: str) -> bool:
        """False when nobody reads: not started yet, or ended by somebody."""
        if self._process is None or self._process.stdin is None or self._process.poll() is not None:
            return False
        try:
            self._process.stdin.write(lines.encode())
            self._process.stdin.flush()
        except BrokenPipeError:
            return False
        return True


LEASH = Leash()

"""Ctrl-C and SIGTERM as something that can be asked about: once means stop in good order, twice means now."""

from __future__ import annotations

import signal
import time
from types import FrameType

from rich.console import Console

CHECK_SECONDS = 0.1


class StopRequest:
    """Counts the signals from its creation on."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._count = 0
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._received)

    def made(self) -> bool:
        """Whether we shall stop."""
        return self._count > 0

    def forced(self) -> bool:
        """Whether we shall not wait for anything."""
        return self._count > 1

    def wait(self) -> None:
        """Until we shall stop."""
        while not self.made():
            time.sleep(CHECK_SECONDS)

    def _received(self, _number: int, _frame: FrameType | None) -> None:
        self._count += 1
        if self._count == 1:
            self._console.print("stopping (Ctrl-C again: at once)")

"""What the servers that are one process have in common: started once at a time, killed, restarted, left."""

from __future__ import annotations

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self

from warta_local.processes.child import Child


class ServerProcess(ABC):
    """A server that keeps its data over kill and restart; a context manager that starts and stops it."""

    def __init__(self) -> None:
        self._child: Child | None = None

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._running().exit_code

    @abstractmethod
    def start(self) -> Self:
        """Start and wait until it is ready."""

    @abstractmethod
    def stop(self) -> None:
        """Ask it to end and wait; nothing when it was never started."""

    def kill(self) -> None:
        """SIGKILL to all of it: what a crash does."""
        self._running().kill()

    def restart(self) -> None:
        """Stop (unless it was killed) and start on the same port with the same data."""
        self.stop()
        self.start()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _require_ended(self) -> None:
        if self._child and self.exit_code is None:
            raise RuntimeError("the server runs already")

    def _running(self) -> Child:
        if self._child is None:
            raise RuntimeError("the server has not been started")
        return self._child

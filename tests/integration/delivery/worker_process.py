"""Workers as processes, and waiting for what they do, always with a deadline."""

from __future__ import annotations

import asyncio
import inspect
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import worker

from warta_local.processes.ports import free_port

# A worker is forked from a process that has imported what takes long: killed and started anew it is there at once.
FORKING = multiprocessing.get_context("forkserver")
FORKING.set_forkserver_preload(["pytest", "warta_shared.service"])
MIN_IDLE = 0.4
DEADLINE = 20.0


class Worker:
    """One process of worker.py; `settings` become WARTA_ variables."""

    def __init__(self, log: Path, **settings: Any) -> None:
        self.port = free_port()
        given = {
            "http_port": self.port,
            "min_idle": MIN_IDLE,
            "batch_timeout": MIN_IDLE * 0.75,
            "max_deliveries": 4,
            **settings,
        }
        environment = {name: value for name, value in os.environ.items() if not name.startswith("WARTA_")}
        environment |= {f"WARTA_{name.upper()}": str(value) for name, value in given.items()}
        self.log = log
        self.process = FORKING.Process(target=worker.serve, args=(environment, log), daemon=True)
        self.process.start()

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        return self.process.exitcode

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to this process."""
        assert self.process.pid
        os.kill(self.process.pid, number)

    def kill(self) -> None:
        """SIGKILL, and wait for its end; also when it is stopped or has ended."""
        self.process.kill()
        self.process.join(DEADLINE)

    def stop(self) -> int:
        """SIGTERM; returns the exit code."""
        self.process.terminate()
        self.process.join(DEADLINE)
        assert self.process.exitcode is not None, f"still running after {DEADLINE:.0f} s"
        return self.process.exitcode

    async def ended(self) -> int:
        """Its exit code, once it ends by itself."""
        return await eventually(lambda: self.exit_code, lambda code: code is not None, "the worker's end")

    def problems(self) -> dict[str, str] | None:
        """What keeps it from being ready; {} when it is, None when it does not answer."""
        try:
            answer = httpx.get(f"http://127.0.0.1:{self.port}/health/ready", timeout=5)
        except httpx.TransportError:
            return None
        return dict(answer.json()["problems"])

    def metric(self, line: str) -> float:
        """The value of a metric, named with its labels as it is shown; 0 where it is not."""
        shown = httpx.get(f"http://127.0.0.1:{self.port}/metrics", timeout=5, follow_redirects=True).text
        return next(
            (float(found[len(line) :]) for found in shown.splitlines() if found.startswith(line)), 0.0
        )

    async def ready(self) -> None:
        """Wait until it says that it is ready."""
        await eventually(self.problems, lambda problems: problems == {}, f"readiness (log: {self.log})")


Start = Callable[..., Worker]


async def eventually(
    look: Callable[[], Any],
    enough: Callable[[Any], bool],
    what: str,
    deadline: float = DEADLINE,
) -> Any:
    """Look again and again until it is enough; fails with what was seen last."""
    ends = time.monotonic() + deadline
    while True:
        seen = look()
        value = await seen if inspect.isawaitable(seen) else seen
        if enough(value):
            return value
        if time.monotonic() > ends:
            raise AssertionError(f"no {what} within {deadline:.0f} s: {str(value)[:2_000]}")
        await asyncio.sleep(0.02)

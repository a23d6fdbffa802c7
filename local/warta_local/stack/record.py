"""What runs in a folder, written for `warta local status` and for the next start."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import psutil
from pydantic import BaseModel, ConfigDict, ValidationError

from warta_local.supervisor import Look

State = Literal["starting", "running", "stopping", "stopped"]
PRIVATE_FILE = 0o600


class ProcessRecord(BaseModel):
    """One process. `created`: when it was started (seconds since 1970), so that a reused pid is recognised."""

    model_config = ConfigDict(frozen=True)

    name: str
    state: str
    ready: bool
    port: int
    pid: int | None
    created: float | None
    restarts: int
    memory_bytes: int
    problem: str

    @classmethod
    def of(cls, look: Look) -> ProcessRecord:
        """From what the supervisor knows."""
        return cls(
            name=look.name,
            state=look.phase.value,
            ready=look.phase == "ready",
            port=look.port,
            pid=look.pid,
            created=created(look.pid),
            restarts=look.restarts,
            memory_bytes=look.memory,
            problem=look.problem,
        )


class Record(BaseModel):
    """The stack as of `written` (seconds since 1970)."""

    model_config = ConfigDict(frozen=True)

    state: State
    supervisor_pid: int
    supervisor_created: float | None
    started: float
    written: float
    warnings: tuple[str, ...] = ()
    urls: dict[str, str]
    processes: tuple[ProcessRecord, ...]

    @property
    def ready(self) -> bool:
        """Whether the start is over and every process is ready."""
        return self.state == "running" and all(process.ready for process in self.processes)

    @property
    def running(self) -> bool:
        """Whether the supervisor that wrote this still runs."""
        return is_same(self.supervisor_pid, self.supervisor_created)


def new_record(
    state: State, started: float, urls: dict[str, str], looks: Sequence[Look], warnings: Sequence[str] = ()
) -> Record:
    """A record of this process as the supervisor."""
    return Record(
        state=state,
        supervisor_pid=os.getpid(),
        supervisor_created=created(os.getpid()),
        started=started,
        written=time.time(),
        warnings=tuple(warnings),
        urls=urls,
        processes=tuple(ProcessRecord.of(look) for look in looks),
    )


def write_record(path: Path, record: Record) -> None:
    """Replace at once: a reader never sees half a record."""
    write_private(path, record.model_dump_json(indent=2))


def read_record(path: Path) -> Record | None:
    """None when there is none, or none that can be read."""
    try:
        return Record.model_validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def write_private(path: Path, text: str) -> None:
    """A file for its owner only, replaced at once."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE), "w") as file:
        file.write(text)
    fresh.replace(path)


def created(pid: int | None) -> float | None:
    """When a process was started; None when it is gone, or dead and only not collected yet."""
    try:
        process = psutil.Process(pid) if pid else None
        if process is None or process.status() == psutil.STATUS_ZOMBIE:
            return None
        return process.create_time()
    except psutil.Error:
        return None


def is_same(pid: int | None, when: float | None) -> bool:
    """Whether the process of that pid is still the one that was started then."""
    now = created(pid)
    return now is not None and when is not None and abs(now - when) < 1.0

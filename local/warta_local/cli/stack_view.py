"""How a stack is shown: a table for people, JSON for programs."""

from __future__ import annotations

import time
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from warta_local.stack import Record, StackFolder

STYLES = {"ready": "green", "starting": "yellow", "waiting to restart": "bold red", "not ready": "bold red"}
# The supervisor writes about once a second; much older means that it stands still.
STALE_SECONDS = 15.0


def print_stack(console: Console, folder: StackFolder, record: Record) -> None:
    """Every process with its state, and what is wrong."""
    table = Table(box=None, pad_edge=False)
    for heading in ("process", "state", "pid", "port", "restarts", "memory"):
        table.add_column(heading, justify="left" if heading in {"process", "state"} else "right")
    for process in record.processes:
        table.add_row(
            process.name,
            Text(process.state, style=STYLES.get(process.state, "dim")),
            str(process.pid or "-"),
            str(process.port),
            str(process.restarts),
            f"{process.memory_bytes / 1e6:.0f} MB",
        )
    console.print(table)
    for process in record.processes:
        if process.problem and not process.ready:
            advice = f"(more: `warta local logs {process.name}`)"
            console.print(Text(f"{process.name}: {process.problem} {advice}", style="yellow"))
    for warning in record.warnings:
        console.print(Text(f"warning: {warning}", style="yellow"))
    if is_stale(record):
        console.print(Text("the supervisor has not written for a while: it stands still", style="bold red"))
    console.print(Text(f"folder: {folder.root}"))


def stack_json(folder: StackFolder, record: Record | None) -> dict[str, Any]:
    """The record with the folder; `state` is `stopped` when nothing runs."""
    if record is None or not record.running:
        return {"state": "stopped", "ready": False, "folder": str(folder.root), "processes": []}
    return {"folder": str(folder.root), "ready": record.ready, **record.model_dump(mode="json")}


def is_stale(record: Record) -> bool:
    """Whether a supervisor that should run has stopped writing."""
    return time.time() - record.written > STALE_SECONDS

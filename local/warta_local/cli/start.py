"""How `warta local up` starts a stack: here until it is asked to stop, or in the background."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from rich.console import Console
from rich.text import Text

from warta_local.cli.stack_view import print_stack
from warta_local.cli.stop_request import StopRequest
from warta_local.elasticsearch import prepare
from warta_local.errors import LocalError
from warta_local.processes import account_for_servers
from warta_local.stack import LocalStack, Record, StackFailed, StackFolder, StackOptions, read_record
from warta_shared.cli.failure import PARTLY, PROBLEM, fail

CHECK_SECONDS = 0.2


def start_here(options: StackOptions, console: Console, request: StopRequest) -> int:
    """Run until Ctrl-C or SIGTERM; returns the exit code."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.WARNING)
    stack = LocalStack(options, console, request.made)
    with _explained(request):
        stack.start()
        try:
            if record := read_record(stack.folder.record):
                _introduce(console, stack.folder, record)
            request.wait()
        finally:
            stack.stop(request.forced)
    console.print("stopped")
    return 0


def start_in_background(options: StackOptions, console: Console, request: StopRequest) -> int:
    """Start a supervisor of its own and wait until the stack runs; returns the exit code."""
    folder = StackFolder(options.folder)
    with _explained(request):
        folder.make()
        prepare(account_for_servers(), console)
        record = _background(folder, options, console, request)
    if request.made():
        console.print("stopped")
        return 0
    _introduce(console, folder, record)
    return 0 if record.ready else PARTLY


def _background(folder: StackFolder, options: StackOptions, console: Console, request: StopRequest) -> Record:
    log = folder.log("supervisor")
    arguments = [
        *("--dir", str(folder.root), "--engine", options.engine),
        *("--http-port", str(options.http_port), "--heap", str(options.heap_megabytes)),
    ]
    with log.open("ab") as output:
        begin = output.tell()
        supervisor = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "warta_local", "up", *arguments],
            env=dict(options.environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    with console.status("starting"):
        while (record := _running(folder, supervisor.pid)) is None:
            if supervisor.poll() is not None:
                said = log.read_bytes()[begin:].decode(errors="replace").strip()
                raise StackFailed(said.rpartition("error: ")[2])
            if request.made():
                with suppress(ProcessLookupError):
                    os.kill(supervisor.pid, signal.SIGKILL if request.forced() else signal.SIGTERM)
            time.sleep(CHECK_SECONDS)
    return record


def _running(folder: StackFolder, pid: int) -> Record | None:
    record = read_record(folder.record)
    ours = record is not None and record.supervisor_pid == pid and record.state == "running"
    return record if ours else None


@contextmanager
def _explained(request: StopRequest) -> Iterator[None]:
    """An expected failure is one clear message; after Ctrl-C it is none at all."""
    try:
        yield
    except LocalError as error:
        if not request.made():
            fail(PROBLEM, str(error))
    except OSError as error:
        fail(
            PROBLEM, f"{error.filename or 'input or output'}: {error.strerror}", "Is there room, and may we?"
        )


def _introduce(console: Console, folder: StackFolder, record: Record) -> None:
    print_stack(console, folder, record)
    console.print(Text(f"push API: {record.urls['ingest']}    variables for scripts: {folder.client_env}"))
    console.print(
        Text("next: `warta push FILE`, `warta search WORDS`, `warta local logs -f`, `warta local down`")
    )

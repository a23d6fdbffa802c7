"""`warta demo`: the whole system on the bundled newsroom."""

from __future__ import annotations

import signal
import sys
import threading
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from warta_local.demo.run import run_demo
from warta_local.errors import LocalError
from warta_local.stack import StackFolder
from warta_local.stack.occupancy import occupy
from warta_shared.cli.client_env import local_dir
from warta_shared.cli.failure import PARTLY, PROBLEM, fail

app = typer.Typer()


@app.command()
def demo(
    directory: Annotated[
        Path | None,
        typer.Option(
            "--dir", help="Where to keep everything; emptied first. Default: beside the local stack."
        ),
    ] = None,
    stay: Annotated[
        bool | None,
        typer.Option("--stay/--no-stay", help="Leave it running until Ctrl-C. Default: on a terminal."),
    ] = None,
) -> None:
    """Run real Redis, Elasticsearch and the three services on a small bundled newsroom, and show what came of it.

    Nothing leaves this machine but the one-time downloads. On a terminal everything keeps running until
    Ctrl-C; otherwise it stops by itself.

    Exit codes: 0 everything arrived, 1 it could not be started, 4 not everything arrived.

    Examples:

      warta demo

      warta demo --no-stay --dir /tmp/warta-demo
    """
    folder = directory or local_dir().with_name("demo")
    console = Console(width=None if sys.stdout.isatty() else 110)
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: ended.set())
    staying = sys.stdout.isatty() if stay is None else stay

    def stays() -> bool:
        if staying and not ended.is_set() and not told.is_set():
            told.set()
            console.print(Text("\nrunning until Ctrl-C", style="bold"))
        return staying and not ended.is_set()

    told = threading.Event()
    try:
        _empty(StackFolder(folder))
        arrived = run_demo(folder, console, stay=stays, interrupted=ended.is_set)
    except LocalError as error:
        fail(PROBLEM, str(error))
    if not staying:
        console.print("\nnow stopped: `warta demo --stay` leaves it running, to be asked", style="bold")
    if not arrived:
        fail(PARTLY, "not everything arrived", f"The logs are in {folder / 'logs'}.")


def _empty(folder: StackFolder) -> None:
    """Remove an earlier demonstration, unless it is still running."""
    folder.make()
    occupy(folder).close()
    folder.wipe()

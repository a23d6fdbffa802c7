"""`warta local`: the whole system on this machine without Docker."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from warta_local.cli.logs import follow, recent
from warta_local.cli.stack_view import print_stack, stack_json
from warta_local.cli.start import start_here, start_in_background
from warta_local.cli.stop import stop_stack
from warta_local.cli.stop_request import StopRequest
from warta_local.redis_server.engine import EngineChoice
from warta_local.stack import StackFailed, StackFolder, StackOptions, read_record
from warta_shared.cli.client_env import local_dir
from warta_shared.cli.failure import PROBLEM, UNREACHABLE, USAGE, fail

app = typer.Typer(no_args_is_help=True, help="The whole system on this machine without Docker.")

Directory = Annotated[
    Path | None,
    typer.Option(
        "--dir",
        metavar="DIR",
        file_okay=False,
        help="Where everything is kept. [default: $WARTA_LOCAL_DIR, else ~/.local/share/warta/local]",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="JSON on standard output.")]


@app.command()
def up(
    *,
    detach: Annotated[
        bool, typer.Option("--detach", "-d", help="Return when it runs, and leave it so.")
    ] = False,
    directory: Directory = None,
    engine: Annotated[
        EngineChoice, typer.Option(help="auto: an installed redis-server >= 7.0, else the bundled Valkey.")
    ] = "auto",
    http_port: Annotated[
        int, typer.Option(min=0, max=65_535, help="Port of the push API; 0 picks one and keeps it.")
    ] = 0,
    heap: Annotated[int, typer.Option(min=256, max=31_000, help="Elasticsearch's heap in MB.")] = 512,
    feeds: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, readable=True, help="The feeds to poll (YAML)."),
    ] = None,
) -> None:
    """Start Redis, Elasticsearch and the three services; Ctrl-C stops them. The data stay in the folder.

    The first start downloads Elasticsearch (97 MB) into the user's cache folder. Works as an ordinary user and
    as root (Elasticsearch then runs as `nobody`). Nothing listens beyond 127.0.0.1. Other WARTA_* variables
    reach the services.

    Exit codes: 0 stopped as asked (with --detach: all is ready), 1 it could not start, 2 usage, 4 it runs, but
    not all of it is ready (--detach).

    Examples:

      warta local up

      warta local up --detach --feeds feeds.yaml --http-port 8080
    """
    environment = dict(os.environ) | ({"WARTA_FEEDS_FILE": str(feeds.resolve())} if feeds else {})
    options = StackOptions(_folder(directory).root, engine, http_port, heap, environment)
    console = Console(stderr=True, soft_wrap=True)
    start = start_in_background if detach else start_here
    raise typer.Exit(start(options, console, StopRequest(console)))


@app.command()
def status(*, directory: Directory = None, as_json: AsJson = False) -> None:
    """Show what runs: state, pid, address, restarts and memory of every process.

    Exit codes: 0 all is ready, 1 it runs, but not all of it is ready, 3 nothing runs.

    Examples:

      warta local status

      warta local status --json
    """
    folder = _folder(directory)
    record = read_record(folder.record)
    if as_json:
        typer.echo(json.dumps(stack_json(folder, record), indent=2))
    if record is None or not record.running:
        if as_json:
            raise typer.Exit(UNREACHABLE)
        fail(UNREACHABLE, f"no stack runs in {folder.root}", "Start it with `warta local up`.")
    if not as_json:
        print_stack(Console(soft_wrap=True), folder, record)
    raise typer.Exit(0 if record.ready else PROBLEM)


@app.command()
def logs(
    process: Annotated[
        str | None, typer.Argument(help="redis, elasticsearch, setup, ingest, enrich, index; all if omitted.")
    ] = None,
    *,
    following: Annotated[bool, typer.Option("--follow", "-f", help="Go on until Ctrl-C.")] = False,
    lines: Annotated[int, typer.Option("--lines", "-n", min=0, help="Begin with so many of each.")] = 20,
    directory: Directory = None,
) -> None:
    """Show what the processes print.

    Exit codes: 0 shown, 2 there is no such log.

    Examples:

      warta local logs

      warta local logs ingest -f
    """
    folder = _folder(directory)
    found = sorted(folder.logs.glob("*.log"))
    chosen = [log for log in found if process in {None, log.stem}]
    if not chosen:
        names = ", ".join(log.stem for log in found) or "there are none yet"
        fail(USAGE, f"no log of {process or 'anything'} in {folder.logs}", f"Logs: {names}.")
    width = max(len(log.stem) for log in chosen) if process is None else 0
    console = Console(soft_wrap=True, highlight=False)

    def show(name: str, line: str) -> None:
        console.print(Text(f"{name:<{width}} | {line}" if width else line))

    for name, line in recent(chosen, lines):
        show(name, line)
    if following:
        request = StopRequest(Console(stderr=True, quiet=True))
        for name, line in follow(lambda: sorted(folder.logs.glob(f"{process or '*'}.log")), request.made):
            show(name, line)


@app.command()
def down(
    *,
    wipe: Annotated[
        bool, typer.Option(help="Also delete the data, the backups, the secrets and the logs.")
    ] = False,
    directory: Directory = None,
) -> None:
    """Stop the stack: the services finish what they have in hand, then Elasticsearch and Redis end.

    Exit codes: 0 nothing runs any more, 1 it did not stop.

    Examples:

      warta local down

      warta local down --wipe
    """
    folder = _folder(directory)
    console = Console(stderr=True, soft_wrap=True)
    if not folder.root.is_dir():
        console.print(f"nothing runs in {folder.root}")
        return
    try:
        ran = stop_stack(folder, wipe=wipe)
    except StackFailed as error:
        fail(PROBLEM, str(error))
    console.print(("stopped" if ran else "nothing ran") + (", everything deleted" if wipe else ""))


def _folder(directory: Path | None) -> StackFolder:
    return StackFolder((directory or local_dir()).absolute())

"""`warta setup`: templates, index, aliases, roles and API keys in Elasticsearch."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from warta_index.connection import Connection, UnreachableError
from warta_index.credentials import administrator
from warta_index.settings import SetupSettings
from warta_index.setup import PartReport, SetupError, State, check, install, plan, wait_until_ready
from warta_shared.cli.failure import PARTLY, PROBLEM, UNREACHABLE, USAGE, fail, read_settings
from warta_shared.cli.output import print_json

app = typer.Typer(add_completion=False)

KEYS_HELP = "Write the API keys to DIR/index, DIR/operator and DIR/exporter, each as elasticsearch_api_key."
COLOURS = {State.UNCHANGED: "dim", State.CREATED: "green", State.UPDATED: "yellow", State.DIFFERS: "bold red"}


@app.command()
def setup(
    keys_dir: Annotated[Path | None, typer.Option(metavar="DIR", help=KEYS_HELP)] = None,
    check_only: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit 1 on any difference.")
    ] = False,
    rotate_keys: Annotated[
        bool, typer.Option("--rotate-keys", help="Make new keys and invalidate all earlier ones.")
    ] = False,
    wait: Annotated[float, typer.Option(min=0, help="Seconds to wait for Elasticsearch.")] = 120.0,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Install what Warta needs in Elasticsearch: templates, index, aliases, roles and API keys.

    Run it as often as you like: what is right is left alone, good keys are kept. It needs an administrator:
    WARTA_ELASTICSEARCH_PASSWORD (or WARTA_ELASTICSEARCH_PASSWORD_FILE) of the user in
    WARTA_ELASTICSEARCH_USERNAME (default: elastic), and the address in WARTA_ELASTICSEARCH_URL.

    Exit codes: 0 all is right, 1 refused (or differences with --check), 2 usage, 3 Elasticsearch not
    reachable, 4 done except for what needs a new version of the index.

    Examples:

      warta setup --keys-dir /run/keys

      warta setup --check --keys-dir /run/keys

      warta setup --rotate-keys --keys-dir /run/keys
    """
    settings = administration()
    if rotate_keys and (check_only or keys_dir is None):
        fail(USAGE, "--rotate-keys needs --keys-dir, and goes without --check")
    try:
        reports = asyncio.run(
            _run(settings, keys_dir, check_only=check_only, rotate_keys=rotate_keys, wait=wait)
        )
    except UnreachableError as error:
        fail(
            UNREACHABLE,
            f"no answer from {settings.elasticsearch_url}: {error}",
            "Is WARTA_ELASTICSEARCH_URL right?",
        )
    except SetupError as error:
        fail(PROBLEM, str(error))
    _print_json(reports) if as_json else _print_table(reports)
    if any(report.state is State.DIFFERS for report in reports):
        raise typer.Exit(PROBLEM if check_only else PARTLY)


def administration() -> SetupSettings:
    """The settings of a command that needs the administrator; ends it without a password."""
    settings = read_settings(SetupSettings)
    if settings.elasticsearch_password is None:
        fail(USAGE, "no password", "Set WARTA_ELASTICSEARCH_PASSWORD or WARTA_ELASTICSEARCH_PASSWORD_FILE.")
    return settings


async def _run(
    settings: SetupSettings, keys_dir: Path | None, *, check_only: bool, rotate_keys: bool, wait: float
) -> list[PartReport]:
    async with Connection(settings, administrator(settings)) as connection:
        await wait_until_ready(connection, wait)
        parts = plan(settings, keys_dir, rotate_keys=rotate_keys)
        return await (check if check_only else install)(connection, parts)


def _print_json(reports: list[PartReport]) -> None:
    parts = [
        {"kind": r.kind, "name": r.name, "state": r.state.value, "differences": list(r.differences)}
        for r in reports
    ]
    print_json({"parts": parts})


def _print_table(reports: list[PartReport]) -> None:
    table = Table(box=None, pad_edge=False)
    for heading in ("part", "name", "state", "differences"):
        table.add_column(heading)
    for report in reports:
        state = Text(report.state.value, style=COLOURS[report.state])
        table.add_row(Text(report.kind), Text(report.name), state, Text("\n".join(report.differences)))
    Console().print(table)

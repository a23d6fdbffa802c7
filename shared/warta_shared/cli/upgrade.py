"""`warta upgrade --check`: what this release changes in an installation, before it is started."""

from __future__ import annotations

import asyncio
from importlib.metadata import version
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from warta_shared.cli.failure import PROBLEM, UNREACHABLE, USAGE, fail
from warta_shared.cli.output import print_json, print_table
from warta_shared.doctor import examinations
from warta_shared.doctor.finding import Finding, Level

app = typer.Typer(add_completion=False)

LOOKED_AT = {"events": ("events",), "redis": ("redis users",), "elasticsearch": ("set-up", "version")}
"""The examinations, and those of their checks that a release can change."""
STATES = {Level.OK: "nothing to do", Level.SKIPPED: "not seen", Level.WARN: "to do", Level.FAIL: "to do"}


@app.command()
def upgrade(
    *,
    check: Annotated[bool, typer.Option("--check", help="Look, and change nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Print what this release would change: events in the streams, Redis' users, Elasticsearch's templates and index.

    Run it from the new release, beside the old one that is running. Each line names the command that does it; compose
    does all but `warta reindex` by itself on the next `up`.

    Exit codes: 0 nothing to do, 1 something to do, 2 usage, 3 a server gave no answer.

    Examples:

      docker compose build && docker compose run --rm --no-deps admin warta upgrade --check
    """
    if not check:
        fail(
            USAGE, "say --check", "The commands that it prints do the rest; docs/operating.md has the order."
        )
    found = asyncio.run(_look())
    if as_json:
        print_json({"release": version("warta-shared"), "findings": [finding.row() for finding in found]})
    else:
        Console().print(Text(f"release {version('warta-shared')}"))
        rows = ([one.check, STATES[one.level], one.says, one.advice] for one in found)
        print_table(("what", "state", "found", "do"), ((row, None) for row in rows))
    if any(finding.unreachable for finding in found):
        raise typer.Exit(UNREACHABLE)
    raise typer.Exit(PROBLEM if any(one.level in (Level.WARN, Level.FAIL) for one in found) else 0)


async def _look() -> list[Finding]:
    found = await asyncio.gather(*(examinations.examine(name) for name in LOOKED_AT))
    return [
        finding
        for name, findings in zip(LOOKED_AT, found, strict=True)
        for finding in findings
        if finding.check in LOOKED_AT[name] or finding.unreachable
    ]

"""`warta doctor`: what is wrong here, and what to do about it."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from warta_shared.cli.failure import PROBLEM, UNREACHABLE, USAGE, fail
from warta_shared.cli.output import print_json
from warta_shared.cli.terminal import printable
from warta_shared.doctor import examinations
from warta_shared.doctor.finding import Finding, Level, worst

app = typer.Typer(add_completion=False)

STYLES = {Level.OK: "green", Level.SKIPPED: "dim", Level.WARN: "yellow", Level.FAIL: "bold red"}


@app.command()
def doctor(
    only: Annotated[list[str] | None, typer.Argument(metavar="[EXAMINATION]...", help="Only these.")] = None,
    *,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 on WARN too.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show WARN and FAIL only.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Look at the machine, the servers and the flow of news; say what is wrong and what to do.

    It changes nothing, and works with nothing running. What it cannot see from where it runs is skipped and says why:
    within compose's `admin` it sees the most, on the host also the engine and the ports.

    Exit codes: 0 nothing failed, 1 something did (or warns, with --strict), 2 usage, 3 a server gave no answer.

    Examples:

      warta doctor

      warta doctor redis streams --json

      docker compose run --rm admin warta doctor --quiet
    """
    chosen = _chosen(only or [])
    found = asyncio.run(_examine(chosen, hidden=as_json))
    level = worst(finding for findings in found.values() for finding in findings)
    if as_json:
        rows = [
            finding.row() | {"examination": name} for name, findings in found.items() for finding in findings
        ]
        print_json({"level": level, "findings": rows})
    else:
        _print(found, quiet=quiet)
    raise typer.Exit(_exit_code(found, strict=strict))


def _chosen(only: list[str]) -> list[str]:
    known = examinations.names()
    if unknown := [name for name in only if name not in known]:
        fail(
            USAGE, f"no such examination: {printable(', '.join(unknown))}", f"There are: {', '.join(known)}."
        )
    return [name for name in known if not only or name in only]


async def _examine(chosen: list[str], *, hidden: bool) -> dict[str, list[Finding]]:
    """All at once: one that waits for a server keeps no other."""
    console = Console(stderr=True)
    with console.status("examining ...") if not hidden and console.is_terminal else nullcontext():
        found = await asyncio.gather(*(examinations.examine(name) for name in chosen))
    return dict(zip(chosen, found, strict=True))


def _exit_code(found: dict[str, list[Finding]], *, strict: bool) -> int:
    every = [finding for findings in found.values() for finding in findings]
    if any(finding.unreachable for finding in every):
        return UNREACHABLE
    bad = (Level.FAIL, Level.WARN) if strict else (Level.FAIL,)
    return PROBLEM if any(finding.level in bad for finding in every) else 0


def _print(found: dict[str, list[Finding]], *, quiet: bool) -> None:
    table = Table(box=None, pad_edge=False, show_header=False)
    shown = [
        (name, finding)
        for name, findings in found.items()
        for finding in findings
        if not quiet or finding.level in (Level.WARN, Level.FAIL)
    ]
    for name, finding in shown:
        level = Text(finding.level.upper(), style=STYLES[finding.level])
        says = Text(printable(finding.says))
        if finding.advice and finding.level is not Level.OK:
            says.append(f"\n-> {printable(finding.advice)}", style="bold")
        table.add_row(level, Text(name), Text(printable(finding.check)), says)
    Console().print(table if shown else "nothing to tell: all is well")

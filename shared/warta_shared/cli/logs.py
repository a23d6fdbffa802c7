"""`warta logs`: the JSON lines of the services as people read them."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TextIO

import orjson
import typer
from rich.console import Console
from rich.text import Text

from warta_shared.cli.failure import PROBLEM, USAGE, fail
from warta_shared.cli.terminal import printable

app = typer.Typer(add_completion=False)

STYLES = {"DEBUG": "dim", "INFO": "", "WARNING": "yellow", "ERROR": "red", "CRITICAL": "bold red"}
HEAD = ("time", "level", "service", "logger", "event", "exc_info", "taskName")
"""What every line has; the rest is shown as name=value."""
_JSON = re.compile(r"\{.*\}\s*$")


class Level(StrEnum):
    """The least that is shown."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@app.command()
def logs(
    files: Annotated[
        list[str] | None, typer.Argument(metavar="[FILE]...", help="- is standard input.")
    ] = None,
    *,
    level: Annotated[Level, typer.Option(help="The least that is shown.")] = Level.DEBUG,
    where: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="Only lines with this; repeat it for more.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The chosen lines as they were written.")] = False,
) -> None:
    """Show JSON log lines of the services for people: time, level, service, event, and the rest as name=value.

    Lines that are no JSON are shown as they are, without control characters; with --where they are left out.

    Exit codes: 0 done, 1 a file cannot be read, 2 usage.

    Examples:

      docker compose logs --no-log-prefix --follow enrich | warta logs --level warning

      docker compose logs | warta logs --where article_id=3k5z... --where hop=enrich

      warta logs ingest.log --where trace_id=4bf92f3577b34da6a3ce929d0e0e4736
    """
    wanted = dict(_pair(text) for text in where or ())
    least = logging.getLevelName(level.upper())
    console = Console(soft_wrap=True, highlight=False)
    for line in _lines(files or ["-"]):
        record = read_line(line)
        if not chosen(record, wanted, least):
            continue
        if as_json:
            typer.echo(orjson.dumps(record).decode() if record else line.rstrip("\n"))
        else:
            console.print(rendered(record) if record else Text(printable(line.rstrip("\n"))))


def read_line(line: str) -> dict[str, Any] | None:
    """The record in a line, also behind a prefix such as compose's; None where there is none."""
    found = _JSON.search(line)
    try:
        record = orjson.loads(found[0]) if found else None
    except orjson.JSONDecodeError:
        return None
    return record if isinstance(record, dict) and "event" in record else None


def chosen(record: dict[str, Any] | None, wanted: dict[str, str], least: int) -> bool:
    """Whether a line is to be shown; `least` is a level's number."""
    if record is None:
        return not wanted
    number = logging.getLevelName(str(record.get("level", "INFO")))
    if isinstance(number, int) and number < least:
        return False
    return all(str(record.get(name, "")) == value for name, value in wanted.items())


def rendered(record: dict[str, Any]) -> Text:
    """One line, and a traceback below it."""
    level = str(record.get("level", ""))
    text = Text()
    text.append(f"{printable(str(record.get('time', '')))[:19]} ", style="dim")
    text.append(f"{printable(level):8.8} ", style=STYLES.get(level, ""))
    text.append(f"{printable(str(record.get('service', ''))):7.7} ", style="cyan")
    text.append(printable(str(record["event"])), style="bold")
    for name, value in record.items():
        if name not in HEAD and value not in ("", None):
            text.append(f" {printable(name)}=", style="dim")
            text.append(printable(value if isinstance(value, str) else orjson.dumps(value).decode()))
    for line in str(record.get("exc_info") or "").splitlines():
        text.append(f"\n    {printable(line)}", style="dim")
    return text


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        fail(USAGE, f"{printable(text)!r} is not NAME=VALUE")
    return name, value


def _lines(files: list[str]) -> Iterator[str]:
    for name in files:
        if name == "-":
            yield from _unbroken(sys.stdin)
            continue
        try:
            with Path(name).open(encoding="utf-8", errors="replace") as file:
                yield from file
        except OSError as error:
            fail(PROBLEM, f"{printable(name)}: {error.strerror}")


def _unbroken(stream: TextIO) -> Iterator[str]:
    """Ctrl-C is how a person ends --follow."""
    try:
        yield from stream
    except KeyboardInterrupt:
        return

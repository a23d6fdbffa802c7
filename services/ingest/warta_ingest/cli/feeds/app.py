"""The command group, and the options that its commands share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

import orjson
import typer

app = typer.Typer(no_args_is_help=True, help="The feeds: list, add, edit, remove, find, check, poll.")

AsJson = Annotated[bool, typer.Option("--json", help="JSON on standard output.")]
FeedIds = Annotated[list[str], typer.Argument(metavar="FEED...", help="Ids, as `list` shows them.")]


def instant(milliseconds: int) -> str | None:
    """A time as people read it; None for never."""
    if not milliseconds:
        return None
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="seconds")


def print_json(value: Any) -> None:
    """The value on standard output, for programs."""
    typer.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())

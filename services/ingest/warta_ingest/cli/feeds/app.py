"""The command group, and the options that its commands share."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="The feeds: list, add, edit, remove, find, check, poll.")

AsJson = Annotated[bool, typer.Option("--json", help="JSON on standard output.")]
FeedIds = Annotated[list[str], typer.Argument(metavar="FEED...", help="Ids, as `list` shows them.")]

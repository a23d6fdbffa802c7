"""`warta feeds check`: whether a feeds file is right."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from warta_ingest.cli.feeds.app import AsJson, app
from warta_ingest.feeds import FeedsFileError, load_feeds
from warta_shared.cli.failure import PROBLEM, fail
from warta_shared.cli.output import print_json
from warta_shared.cli.terminal import printable


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="A feeds file (YAML).")], *, as_json: AsJson = False
) -> None:
    """Check a feeds file without using it; every mistake with its line.

    Exit codes: 0 it is right, 1 it is not.

    Examples:

      warta feeds check deploy/feeds.yaml
    """
    try:
        feeds = load_feeds(file)
    except FeedsFileError as error:
        if as_json:
            problems = [{"line": p.line, "field": p.field, "message": p.message} for p in error.problems]
            print_json({"problems": problems})
            raise typer.Exit(PROBLEM) from None
        fail(PROBLEM, "\n".join(printable(line) for line in str(error).splitlines()))
    if as_json:
        print_json({"feeds": len(feeds), "problems": []})
    else:
        typer.echo(f"{len(feeds)} feeds, no mistake found")

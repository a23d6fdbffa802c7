"""`warta changes`: what was written since a cursor, as JSON lines."""

from __future__ import annotations

import asyncio
import sys
from contextlib import aclosing
from pathlib import Path
from typing import Annotated

import orjson
import typer

from warta_index.changes.cursor import Cursor, CursorError, read_cursor
from warta_index.changes.run import Page, changes, from_now, kind_of
from warta_index.cli.asking import refusals_told
from warta_index.connection import Connection
from warta_index.credentials import api_key
from warta_index.settings import ElasticsearchSettings
from warta_shared.cli.failure import PARTLY, USAGE, fail, read_settings

app = typer.Typer(add_completion=False)

START, NOW = "start", "now"


@app.command("changes")
def follow(
    since: Annotated[
        str | None, typer.Option(help="A cursor of an earlier run, `start` (the default) or `now`.")
    ] = None,
    *,
    cursor_file: Annotated[
        Path | None, typer.Option(help="Go on from the cursor in this file, and keep it there.")
    ] = None,
    following: Annotated[bool, typer.Option("--follow", help="Go on until interrupted.")] = False,
    every: Annotated[float, typer.Option(min=0.1, help="Seconds between two looks with --follow.")] = 5.0,
) -> None:
    """Print every new, edited and withdrawn article once, as it is now, as JSON lines in the order of writing.

    A line is {"change": "new|edited|withdrawn|withheld", "article": {...}}, or {"cursor": "..."}: all before it has
    been told, and the next run goes on there. Nothing is skipped that is being written meanwhile. An article that
    changed twice since is told once. What is written again as it was (redelivery, re-enrichment) is told again, with
    the same `observed_at`; after `warta reindex` some of the last minutes too.

    Exit codes: 0 told all, 1 refused by Elasticsearch, 2 usage, 3 Elasticsearch not reachable, 4 interrupted.

    Examples:

      warta changes --cursor-file app.cursor --follow | jq -c 'select(.change) | .article.title'

      warta changes --since now
    """
    settings = read_settings(ElasticsearchSettings)
    cursor = _cursor(since, cursor_file)
    try:
        with refusals_told(settings.elasticsearch_url):
            asyncio.run(_tell(settings, cursor, cursor_file, every if following else None))
    except OSError as error:
        fail(USAGE, f"{error.filename or 'standard output'}: {error.strerror or error}")
    except KeyboardInterrupt:
        fail(PARTLY, "interrupted", "The next run goes on behind the last cursor that was printed.")


def _cursor(since: str | None, file: Path | None) -> Cursor | None:
    """None for now."""
    if since and file:
        fail(USAGE, "either --since or --cursor-file")
    try:
        written = since or (file.read_text("utf-8").strip() if file and file.exists() else START)
        return None if written == NOW else Cursor() if written == START else read_cursor(written)
    except (OSError, UnicodeDecodeError, CursorError) as error:
        fail(USAGE, f"{file or '--since'}: {error}", "Without one, everything is told from the start.")


async def _tell(
    settings: ElasticsearchSettings, cursor: Cursor | None, file: Path | None, every: float | None
) -> None:
    async with Connection(settings, api_key(settings)) as connection:
        if cursor is None:
            cursor = await from_now(connection)
            _print(Page((), cursor), file)
        while True:
            async with aclosing(changes(connection, cursor)) as pages:
                async for page in pages:
                    if page.cursor != cursor or every is None:
                        _print(page, file)
                    cursor = page.cursor
            if every is None:
                return
            await asyncio.sleep(every)


def _print(page: Page, file: Path | None) -> None:
    """The cursor counts once what is before it has left."""
    written = page.cursor.written()
    lines = [orjson.dumps({"change": kind_of(article), "article": article}) for article in page.articles]
    sys.stdout.buffer.write(b"\n".join([*lines, orjson.dumps({"cursor": written}), b""]))
    sys.stdout.buffer.flush()
    if file:
        draft = file.with_name(f"{file.name}.part")
        draft.write_text(f"{written}\n", "utf-8")
        draft.replace(file)

"""`warta export`: articles of the index into a file."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing, closing
from pathlib import Path
from typing import Annotated

import typer

from warta_index.cli.asking import (
    Again,
    AsJson,
    Entity,
    Lang,
    Since,
    Source,
    Status,
    Topic,
    Until,
    asked,
    fingerprint,
    refusals_told,
)
from warta_index.cli.file_form import converter, told_form
from warta_index.cli.progress import articles_bar
from warta_index.connection import Connection
from warta_index.credentials import api_key
from warta_index.export.form import Form, head, rows
from warta_index.export.part import Done, Part
from warta_index.query import Question, Shown, query_of
from warta_index.renderings import Rendering, rendered
from warta_index.scan import every
from warta_index.settings import ElasticsearchSettings
from warta_shared.cli.failure import PARTLY, USAGE, fail, read_settings
from warta_shared.cli.output import print_json

RenderedAs = Annotated[Rendering | None, typer.Option("--as", help="JSON lines in the words of a standard.")]

app = typer.Typer(add_completion=False)


@app.command("export")
def export(
    file: Annotated[Path, typer.Argument(help="Where to: .jsonl, .ndjson or .csv, each also .gz; .parquet.")],
    query: Annotated[str, typer.Argument(help="Words and filters, as for `warta search`; none: all.")] = "",
    *,
    source: Source = None,
    topic: Topic = None,
    entity: Entity = None,
    lang: Lang = None,
    since: Since = None,
    until: Until = None,
    status: Status = Shown.USABLE,
    rendering: RenderedAs = None,
    again: Again = False,
    as_json: AsJson = False,
) -> None:
    """Write all articles that match into a file, as they were when it began, in the order of their ids.

    The file appears when it is whole; a killed run goes on when the same command is given again. JSON lines hold
    everything that the index has of an article, or with --as what ninjs 3.1 or schema.org's NewsArticle have words
    for; a table holds its texts and names. Parquet (which takes the package pyarrow) holds everything in typed
    columns; it is made of JSON lines when all are there.

    Exit codes: 0 as many articles are written as were found, 1 refused by Elasticsearch, 2 usage, 3 Elasticsearch not
    reachable, 4 another number than was found (after going on: articles came or went meanwhile), or interrupted.

    Examples:

      warta export may.jsonl.gz --since 2025-05-01 --until 2025-05-31

      warta export banks.csv --entity org:bank-indonesia --lang id

      warta export all.parquet --status all

      warta export politics.jsonl --topic politics --as ninjs
    """
    form = told_form(file)
    if rendering and form is not Form.JSONL:
        fail(USAGE, f"--as {rendering} writes JSON lines", "Call the file .jsonl or .jsonl.gz.")
    question = asked(
        query,
        since=since,
        until=until,
        sources=source,
        topics=topic,
        entities=entity,
        languages=lang,
        shown=status,
    )
    named = fingerprint(query, source, topic, entity, lang, since, until, status, rendering)
    done, found = _run(file, form, question, named, rendering=rendering, again=again, hidden=as_json)
    if as_json:
        print_json({"file": str(file), "found": found, "written": done.articles})
    else:
        typer.echo(f"{done.articles:,} of {found:,} articles are in {file}")
    if done.articles != found:
        fail(
            PARTLY,
            "these are not as many as were found",
            "Articles came or went meanwhile; --again begins anew.",
        )


def _run(
    file: Path,
    form: Form,
    question: Question,
    named: str,
    *,
    rendering: Rendering | None,
    again: bool,
    hidden: bool,
) -> tuple[Done, int]:
    settings = read_settings(ElasticsearchSettings)
    try:
        with (
            refusals_told(settings.elasticsearch_url),
            closing(Part(file, named, again=again)) as part,
            articles_bar("exporting", hidden=hidden) as (bar, task),
        ):

            def moved(done: int, found: int) -> None:
                bar.update(task, completed=done, total=max(found, 1))

            found = asyncio.run(_export(settings, part, form, question, moved, rendering=rendering))
            part.finish(converter(form, part.done.articles, moved))
            return part.done, found
    except OSError as error:
        fail(USAGE, f"{file}: {error.strerror or error}")
    except KeyboardInterrupt:
        fail(PARTLY, "interrupted", "The same command goes on where this one was.")


async def _export(
    settings: ElasticsearchSettings,
    part: Part,
    form: Form,
    question: Question,
    moved: Callable[[int, int], None],
    *,
    rendering: Rendering | None,
) -> int:
    found = 0

    def matched(number: int) -> None:
        nonlocal found
        found = number

    if not part.done.size:
        part.add(head(form), 0, "")
    async with Connection(settings, api_key(settings)) as connection:
        pages = every(connection, query_of(question), after=part.done.after, matched=matched)
        async with aclosing(pages):
            async for page in pages:
                part.add(rows(form, rendered(rendering, page)), len(page), page[-1]["id"])
                moved(part.done.articles, found)
    return found

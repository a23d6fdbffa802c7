"""`warta search`: find articles, with the matches marked."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console

from warta_index.cli.rendering import as_json_text, print_facets, print_hits
from warta_index.connection import Connection, UnreachableError
from warta_index.credentials import api_key
from warta_index.query import Order, Question, Shown
from warta_index.search import Found, SearchError, search
from warta_index.settings import ElasticsearchSettings
from warta_shared.cli.failure import PROBLEM, UNREACHABLE, USAGE, fail, read_settings

app = typer.Typer(add_completion=False)

UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
ADVICE = {
    "wrong-key": "The API key is not valid (any more): run `warta setup --keys-dir DIR` and use the operator's key.",
    "forbidden": "This API key may not read the articles: use the operator's key.",
    "missing-index": "There is no index of articles yet: run `warta setup`.",
    "bad-query": "Elasticsearch cannot read this query.",
}
UNREACHABLE_ADVICE = "Is Elasticsearch running, and is WARTA_ELASTICSEARCH_URL right? (`warta local status`)"


def moment(text: str, now: datetime, *, end: bool) -> datetime:
    """`7d`, `2025-06-02` (as an `end` the whole day counts) or an RFC 3339 time; UTC unless it says otherwise."""
    if ago := re.fullmatch(r"(\d{1,5})([mhdw])", text):
        return now - int(ago[1]) * UNITS[ago[2]]
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is neither like 7d or 12h, nor like 2025-06-02 or 2025-06-02T08:00Z"
        ) from None
    if end and re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        found += timedelta(days=1)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


@app.command("search")
def find(
    query: Annotated[
        str, typer.Argument(help='Words (all must occur), "a phrase", -without, a|b, begin*.')
    ] = "",
    *,
    source: Annotated[list[str] | None, typer.Option(help="Source: its id, name or domain.")] = None,
    topic: Annotated[list[str] | None, typer.Option(help="Topic: Media Topic code or name.")] = None,
    entity: Annotated[
        list[str] | None, typer.Option(help="Person, organisation, place ...: id or name.")
    ] = None,
    lang: Annotated[list[str] | None, typer.Option(help="Language code, such as id or en.")] = None,
    since: Annotated[str | None, typer.Option(help="From: 7d, 12h, 2025-06-02 or an RFC 3339 time.")] = None,
    until: Annotated[str | None, typer.Option(help="To: the same; a date includes that day.")] = None,
    status: Annotated[Shown, typer.Option(help="Which articles count.")] = Shown.USABLE,
    size: Annotated[int, typer.Option(min=0, max=1_000, help="Hits to show.")] = 10,
    sort: Annotated[Order, typer.Option(help="Order of the hits.")] = Order.RELEVANCE,
    facets: Annotated[
        bool, typer.Option("--facets", help="Count the topics, sources, languages and entities of all hits.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Find articles by the words of their title, summary and body, as typed and by their stems.

    An option given several times means any of the values; different options must all hold. Without a query
    every article is found, newest first. Withdrawn and withheld articles are left out unless --status says
    otherwise. Connection: WARTA_ELASTICSEARCH_URL and WARTA_ELASTICSEARCH_API_KEY (or ..._FILE).

    Exit codes: 0 answered (also when nothing was found), 1 refused by Elasticsearch, 2 usage,
    3 Elasticsearch not reachable.

    Examples:

      warta search "small business"

      warta search pelatihan --lang id --since 7d --facets

      warta search --entity Surabaya --topic politics --sort newest --json
    """
    now = datetime.now(UTC)
    question = Question(
        text=query,
        sources=tuple(source or ()),
        topics=tuple(topic or ()),
        entities=tuple(entity or ()),
        languages=tuple(lang or ()),
        since=moment(since, now, end=False) if since else None,
        until=moment(until, now, end=True) if until else None,
        shown=status,
        size=size,
        order=sort,
        facets=facets,
    )
    found = _ask(question)
    if as_json:
        typer.echo(as_json_text(found))
        return
    console = Console(soft_wrap=False)
    print_hits(console, found)
    if facets:
        print_facets(console, found)


def _ask(question: Question) -> Found:
    settings = read_settings(ElasticsearchSettings)
    try:
        return asyncio.run(_search(settings, question))
    except UnreachableError as error:
        fail(UNREACHABLE, f"no answer from {settings.elasticsearch_url}: {error}", UNREACHABLE_ADVICE)
    except SearchError as error:
        fail(USAGE if error.reason == "bad-query" else PROBLEM, str(error), ADVICE[error.reason])


async def _search(settings: ElasticsearchSettings, question: Question) -> Found:
    async with Connection(settings, api_key(settings)) as connection:
        return await search(connection, question)

"""`warta search`: find articles, with the matches marked."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Annotated

import typer
from rich.console import Console

from warta_index.cli.asking import Entity, Lang, Since, Source, Status, Topic, Until, asked, refusals_told
from warta_index.cli.rendering import as_json_text, print_facets, print_hits
from warta_index.connection import Connection
from warta_index.credentials import api_key
from warta_index.query import Order, Question, Shown
from warta_index.search import Found, search
from warta_index.settings import ElasticsearchSettings
from warta_shared.cli.failure import read_settings

app = typer.Typer(add_completion=False)


@app.command("search")
def find(
    query: Annotated[
        str, typer.Argument(help='Words, "a phrase", -without, a|b, begin*, and filters: source:KABAR.')
    ] = "",
    *,
    source: Source = None,
    topic: Topic = None,
    entity: Entity = None,
    lang: Lang = None,
    since: Since = None,
    until: Until = None,
    status: Status = Shown.USABLE,
    size: Annotated[int, typer.Option(min=0, max=1_000, help="Hits to show.")] = 10,
    sort: Annotated[Order, typer.Option(help="Order of the hits.")] = Order.RELEVANCE,
    facets: Annotated[
        bool, typer.Option("--facets", help="Count the topics, sources, languages and entities of all hits.")
    ] = False,
    by_story: Annotated[
        bool, typer.Option("--by-story", help="Of near-copies of a story the first hit, and their number.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Find articles by the words of their title, summary and body, as typed and by their stems.

    A query may hold filters: source: topic: entity: lang: (with - before them: without), since: until: status:, a
    value with spaces in quotation marks. The options mean the same. One filter given several times means any of
    the values; different ones must all hold. Without words every article is found, newest first. Withdrawn and
    withheld articles are left out unless the status says otherwise.

    Connection: WARTA_ELASTICSEARCH_URL and WARTA_ELASTICSEARCH_API_KEY (or ..._FILE).

    Exit codes: 0 answered (also when nothing was found), 1 refused by Elasticsearch, 2 usage,
    3 Elasticsearch not reachable.

    Examples:

      warta search "small business"

      warta search 'kredit -pajak lang:id since:7d entity:"Bank Indonesia"' --facets

      warta search 'topic:politics -source:GALERT' --by-story

      warta search --entity Surabaya --topic politics --sort newest --json
    """
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
    found = _ask(replace(question, size=size, order=sort, facets=facets, by_story=by_story))
    if as_json:
        typer.echo(as_json_text(found))
        return
    console = Console(soft_wrap=False)
    print_hits(console, found)
    if facets:
        print_facets(console, found)


def _ask(question: Question) -> Found:
    settings = read_settings(ElasticsearchSettings)
    with refusals_told(settings.elasticsearch_url):
        return asyncio.run(_search(settings, question))


async def _search(settings: ElasticsearchSettings, question: Question) -> Found:
    async with Connection(settings, api_key(settings)) as connection:
        return await search(connection, question)

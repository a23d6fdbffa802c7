"""`warta feeds discover`: the feeds of a site."""

from __future__ import annotations

import asyncio
from typing import Annotated
from urllib.parse import urljoin

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn
from rich.table import Table
from rich.text import Text

from warta_ingest.cli.feeds.app import AsJson, app
from warta_ingest.cli.feeds.trying import Trial, Tried
from warta_ingest.feeds.discovery import linked_feeds, robots_sitemaps, usual_places
from warta_ingest.fetcher import FetchError
from warta_shared.cli.failure import PROBLEM, fail
from warta_shared.cli.output import print_json
from warta_shared.cli.terminal import printable


@app.command()
def discover(
    url: Annotated[str, typer.Argument(metavar="URL", help="A site, a page or a feed.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Find the feeds of a site: what its page names, its robots.txt, and the usual places. Each is read.

    Exit codes: 0 some were found, 1 none.

    Examples:

      warta feeds discover https://news.example/

      warta feeds discover news.example --json
    """
    address = url if "://" in url else f"https://{url}"
    with Progress(
        SpinnerColumn(), TextColumn("looking for feeds"), transient=True, console=Console(stderr=True)
    ) as progress:
        progress.add_task("")
        found = asyncio.run(discovered(address))
    if as_json:
        print_json([_told(feed) for feed in found])
    elif found:
        _print(found)
    if not found:
        fail(
            PROBLEM,
            f"no feed found at {printable(address)}",
            "Is it the right site? Name its feed to `warta feeds add`.",
        )


async def discovered(url: str) -> list[Tried]:
    """The feeds of the site at `url`, best first; of several with the same first entry times all are told."""
    async with Trial() as trial:
        first = await trial.of(url)
        if not first.problem:
            return [first]
        named = linked_feeds(first.page, url)
        try:
            robots = await trial.fetch(urljoin(url, "/robots.txt"))
            sitemaps = robots_sitemaps(robots.body.decode("utf-8", "replace"), url)
        except FetchError:
            sitemaps = []
        candidates = list(dict.fromkeys([*named, *sitemaps, *usual_places(url)]))
        return [tried for tried in await trial.of_all(candidates) if not tried.problem]


def _told(feed: Tried) -> dict[str, object]:
    return {
        "url": feed.url,
        "format": feed.format,
        "title": feed.title,
        "entries": feed.entries,
        "newest": feed.newest.isoformat() if feed.newest else None,
        "language": feed.language,
    }


def _print(found: list[Tried]) -> None:
    table = Table(box=None, pad_edge=False)
    for column in ("url", "format", "entries", "newest", "title"):
        table.add_column(column, overflow="fold" if column == "url" else "ellipsis")
    for feed in found:
        newest = feed.newest.isoformat(timespec="minutes") if feed.newest else "-"
        cells = (feed.url, feed.format, str(feed.entries), newest, feed.title)
        table.add_row(*(Text(printable(cell)) for cell in cells))
    Console().print(table)

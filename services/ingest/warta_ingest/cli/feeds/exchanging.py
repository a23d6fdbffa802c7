"""`warta feeds import` and `export`: OPML, for other readers and for safe-keeping."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from warta_ingest.cli.feeds.app import AsJson, app
from warta_ingest.feeds import store
from warta_ingest.feeds.opml import Imported, NotOpml, Refused, read_opml, write_opml
from warta_ingest.feeds.store import Origin, StoredFeed
from warta_shared.cli.failure import PARTLY, PROBLEM, USAGE, fail
from warta_shared.cli.output import print_json
from warta_shared.cli.redis_client import with_redis
from warta_shared.cli.terminal import printable
from warta_shared.delivery.client import Redis
from warta_shared.settings import RedisSettings


@app.command("import")
def import_feeds(
    file: Annotated[Path, typer.Argument(help="An OPML file, `-` for standard input.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Add the feeds of an OPML file; folders become tags. What is there already stays as it is.

    Exit codes: 0 all are there now, 1 the file is no OPML or all were refused, 3 Redis is unreachable,
    4 some were refused.

    Examples:

      warta feeds import subscriptions.opml
    """
    content = _read(file)

    async def work(redis: Redis, _settings: RedisSettings) -> tuple[list[str], list[str], Imported]:
        _, stored = await store.stored_feeds(redis)
        try:
            imported = read_opml(content, stored.keys())
        except NotOpml as error:
            fail(PROBLEM, f"{file}: {error}")
        urls = {known.feed.url for known in stored.values()}
        # `export` wrote the ids: by those, too, a feed is known.
        fresh = [feed for feed in imported.feeds if feed.id not in stored and feed.url not in urls]
        await store.change(
            redis, [(feed.id, "", StoredFeed.of(feed, Origin.COMMAND).record) for feed in fresh]
        )
        added = [feed.id for feed in fresh]
        there = [feed.id for feed in imported.feeds if feed.id not in set(added)]
        return added, there, imported

    added, there, imported = with_redis(work)
    if as_json:
        print_json({"added": added, "there": there, "refused": [asdict(one) for one in imported.refused]})
    else:
        typer.echo(f"{len(added)} added, {len(there)} were there, {len(imported.refused)} refused")
    _tell(imported.refused)
    if imported.refused:
        raise typer.Exit(PARTLY if imported.feeds else PROBLEM)


@app.command()
def export(
    file: Annotated[Path | None, typer.Argument(help="Where to; standard output when not given.")] = None,
) -> None:
    """Write all feeds as OPML; `import` gives the same feeds back. Values of headers are left out.

    Exit codes: 0 written, 2 the file cannot be written, 3 Redis is unreachable.

    Examples:

      warta feeds export feeds.opml
    """

    async def work(redis: Redis, _settings: RedisSettings) -> bytes:
        _, stored = await store.stored_feeds(redis)
        return write_opml(known.feed for known in stored.values())

    document = with_redis(work)
    if file is None:
        sys.stdout.buffer.write(document)
        return
    try:
        file.write_bytes(document)
    except OSError as error:
        fail(USAGE, f"cannot write {file}: {error.strerror}")


def _read(file: Path) -> bytes:
    try:
        return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        fail(USAGE, f"cannot read {file}: {error.strerror}")


def _tell(refused: tuple[Refused, ...]) -> None:
    console = Console(stderr=True, soft_wrap=True)
    for one in refused:
        console.print(Text(printable(f"line {one.line}: {one.url}: {one.reason}")))

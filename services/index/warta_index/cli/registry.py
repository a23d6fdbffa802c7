"""`warta registry`: what Redis remembers of each article."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing, contextmanager
from typing import Any

import typer
from rich.console import Console

from warta_index.audit.rebuilt import FIELDS, Learnt, Rebuilding
from warta_index.audit.run import EVERYTHING, PAGE
from warta_index.cli.asking import AsJson, refusals_told
from warta_index.connection import Connection
from warta_index.credentials import api_key
from warta_index.scan import every
from warta_index.settings import AuditSettings
from warta_shared.cli.failure import read_settings
from warta_shared.cli.output import print_json
from warta_shared.cli.redis_client import with_redis
from warta_shared.delivery.broker import Redis
from warta_shared.settings import RedisSettings

app = typer.Typer(add_completion=False)


@app.callback()
def registry() -> None:
    """What Redis remembers of each article: its last published version, so that each is published once."""


@app.command()
def rebuild(*, as_json: AsJson = False) -> None:
    """Make the registry again from the documents, after Redis lost its memory or was restored from a backup.

    What the registry knows as new or newer stays. Run it before ingest starts again, if that can be, or while it
    runs: articles seen meanwhile for the first time since are published once more, as the same article. Pages that
    are still in their feeds are fetched once more, and found unchanged.

    Exit codes: 0 done, 1 Elasticsearch refused, 2 usage, 3 Redis or Elasticsearch is unreachable.

    Example: warta registry rebuild
    """
    settings = read_settings(AuditSettings)

    async def work(redis: Redis, redis_settings: RedisSettings) -> dict[Learnt, int]:
        async with Connection(settings, api_key(settings)) as connection:
            with _status(hidden=as_json) as moved:
                lifetime = settings.registry_days * 86_400
                rebuilding = Rebuilding(redis, redis_settings.partitions, lifetime, moved)
                return dict(await rebuilding.run(_documents(connection)))

    with refusals_told(settings.elasticsearch_url):
        counts = with_redis(work)
    known, learnt = counts.get(Learnt.KNOWN, 0), counts.get(Learnt.NEW, 0) + counts.get(Learnt.NEWER, 0)
    if as_json:
        print_json({"learnt": learnt, "known": known})
    else:
        typer.echo(f"{learnt:,} articles learnt, {known:,} were known")


async def _documents(connection: Connection) -> AsyncIterator[list[dict[str, Any]]]:
    async with aclosing(every(connection, EVERYTHING, size=PAGE, fields=FIELDS)) as pages:
        async for page in pages:
            yield page


@contextmanager
def _status(*, hidden: bool) -> Iterator[Callable[[int], None]]:
    console = Console(stderr=True)
    if hidden or not console.is_terminal:
        yield lambda _number: None
        return
    with console.status("reading the index") as status:
        yield lambda number: status.update(f"reading the index: {number:,} articles")

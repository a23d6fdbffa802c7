"""`warta registry`: what Redis remembers of each article."""

from __future__ import annotations

import typer

from warta_index.audit.rebuilt import Learnt, Rebuilding
from warta_index.cli.asking import AsJson, refusals_told
from warta_index.cli.progress import counted
from warta_index.connection import Connection
from warta_index.credentials import api_key
from warta_index.settings import AuditSettings
from warta_shared.cli.failure import read_settings
from warta_shared.cli.output import print_json
from warta_shared.cli.redis_client import with_redis
from warta_shared.delivery.client import Redis
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
            with counted("reading the index", hidden=as_json) as moved:
                rebuilding = Rebuilding(
                    redis,
                    connection,
                    redis_settings.partitions,
                    settings.registry_seconds,
                    lambda number: moved("reading the index", number),
                )
                return dict(await rebuilding.run())

    with refusals_told(settings.elasticsearch_url):
        counts = with_redis(work)
    known, learnt = counts.get(Learnt.KNOWN, 0), counts.get(Learnt.NEW, 0) + counts.get(Learnt.NEWER, 0)
    if as_json:
        print_json({"learnt": learnt, "known": known})
    else:
        typer.echo(f"{learnt:,} articles learnt, {known:,} were known")

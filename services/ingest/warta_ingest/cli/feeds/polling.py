"""`warta feeds poll`: now instead of at the next time."""

from __future__ import annotations

from typing import Annotated

import typer

from warta_ingest.cli.feeds.app import AsJson, app
from warta_ingest.poll import schedule
from warta_shared.cli.failure import PARTLY, PROBLEM, USAGE, fail
from warta_shared.cli.output import print_json
from warta_shared.cli.redis_client import with_redis
from warta_shared.cli.terminal import printable
from warta_shared.delivery.client import Redis
from warta_shared.settings import RedisSettings


@app.command()
def poll(
    feed_ids: Annotated[
        list[str] | None, typer.Argument(metavar="FEED...", help="Ids, as `list` shows them.")
    ] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Every feed that is polled.")] = False,
    as_json: AsJson = False,
) -> None:
    """Have feeds polled now instead of at their next time; the ingest service does it within a second.

    Exit codes: 0 done, 1 none of the feeds is known, 2 usage, 3 Redis is unreachable, 4 some are not known.

    Examples:

      warta feeds poll kabar-rss

      warta feeds poll --all
    """
    if bool(feed_ids) == every:
        fail(USAGE, "name feeds, or all of them with --all")

    async def work(redis: Redis, _settings: RedisSettings) -> tuple[list[str], list[str]]:
        known = await schedule.due_times(redis)
        wanted = list(known) if every else feed_ids or []
        due = [feed_id for feed_id in wanted if feed_id in known]
        for feed_id in due:
            await schedule.set_next(redis, feed_id, 0)
        return due, [feed_id for feed_id in wanted if feed_id not in known]

    due, unknown = with_redis(work)
    if as_json:
        print_json({"due": due, "unknown": unknown})
    elif due:
        typer.echo(f"due now: {printable(', '.join(due))}")
    if unknown:
        code = PARTLY if due else PROBLEM
        fail(code, f"no such feed: {printable(', '.join(unknown))}", "`warta feeds list` shows them.")

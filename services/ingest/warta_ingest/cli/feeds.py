"""`warta feeds`: how the feeds are doing, whether a feeds file is right, and poll now."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from warta_ingest.feeds import FeedsFileError, load_feeds
from warta_ingest.poll import schedule, state
from warta_shared.cli.failure import PARTLY, PROBLEM, fail
from warta_shared.cli.redis_client import with_redis
from warta_shared.cli.terminal import printable
from warta_shared.delivery.broker import Redis
from warta_shared.settings import RedisSettings

app = typer.Typer(no_args_is_help=True, help="The feeds: list, check, poll.")

AsJson = Annotated[bool, typer.Option("--json", help="JSON on standard output.")]


@app.command("list")
def list_feeds(*, as_json: AsJson = False) -> None:
    """List the feeds that are polled: last outcome, last new entry, next poll, failures in a row.

    Exit codes: 0 all are well, 1 some fail, 3 Redis is unreachable.

    Examples:

      warta feeds list

      warta feeds list --json
    """
    feeds = with_redis(_states)
    if as_json:
        typer.echo(orjson.dumps(feeds, option=orjson.OPT_INDENT_2).decode())
    else:
        _print(feeds)
    raise typer.Exit(PROBLEM if any(feed["failures"] for feed in feeds) else 0)


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
            typer.echo(orjson.dumps({"problems": problems}, option=orjson.OPT_INDENT_2).decode())
            raise typer.Exit(PROBLEM) from None
        fail(PROBLEM, "\n".join(printable(line) for line in str(error).splitlines()))
    if as_json:
        typer.echo(orjson.dumps({"feeds": len(feeds), "problems": []}).decode())
    else:
        typer.echo(f"{len(feeds)} feeds, no mistake found")


@app.command()
def poll(
    feed_ids: Annotated[list[str], typer.Argument(metavar="FEED...", help="Ids, as `list` shows them.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Have feeds polled now instead of at their next time; the ingest service does it within a second.

    Exit codes: 0 done, 1 none of the feeds is known, 3 Redis is unreachable, 4 some are not known.

    Examples:

      warta feeds poll kabar-rss
    """

    async def work(redis: Redis, _settings: RedisSettings) -> list[str]:
        known = await schedule.due_times(redis)
        for feed_id in known.keys() & set(feed_ids):
            await schedule.set_next(redis, feed_id, 0)
        return [feed_id for feed_id in feed_ids if feed_id not in known]

    unknown = with_redis(work)
    due = [feed_id for feed_id in feed_ids if feed_id not in unknown]
    if as_json:
        typer.echo(orjson.dumps({"due": due, "unknown": unknown}).decode())
    elif due:
        typer.echo(f"{len(due)} due now")
    if unknown:
        code = PARTLY if due else PROBLEM
        fail(code, f"no such feed: {printable(', '.join(unknown))}", "`warta feeds list` shows them.")


async def _states(redis: Redis, _settings: RedisSettings) -> list[dict[str, Any]]:
    feeds = []
    for feed_id, due in sorted((await schedule.due_times(redis)).items()):
        known = await state.load(redis, feed_id)
        feeds.append(
            {
                "id": feed_id,
                "url": known.url,
                "outcome": known.outcome,
                "detail": known.detail,
                "failures": known.failures,
                "last_poll": _instant(known.last_poll),
                "last_success": _instant(known.last_success),
                "last_new": _instant(known.last_new),
                "next_poll": _instant(due),
                "overdue_seconds": max(0, round(time.time() - due / 1000)) if due else 0,
            }
        )
    return feeds


def _instant(milliseconds: int) -> str | None:
    if not milliseconds:
        return None
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="seconds")


def _print(feeds: list[dict[str, Any]]) -> None:
    console = Console()
    if not feeds:
        console.print("no feeds are polled; name them in the file of WARTA_FEEDS_FILE")
        return
    columns = ("id", "outcome", "failures", "last_success", "last_new", "next_poll", "url")
    table = Table(box=None, pad_edge=False)
    for column in columns:
        table.add_column(column.replace("_", " "))
    for feed in feeds:
        cells = (Text(printable(_cell(column, feed[column]))) for column in columns)
        table.add_row(*cells, style="red" if feed["failures"] else None)
    console.print(table)


def _cell(column: str, value: Any) -> str:
    if value is None:
        return "now" if column == "next_poll" else "never"
    return str(value)

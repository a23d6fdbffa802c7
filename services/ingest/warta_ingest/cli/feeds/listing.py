"""`warta feeds list` and `show`: what is polled, and how it is doing."""

from __future__ import annotations

import time
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from warta_ingest.cli.feeds.app import AsJson, app
from warta_ingest.feeds import store
from warta_ingest.poll import schedule, state
from warta_shared.cli.failure import PROBLEM, fail
from warta_shared.cli.output import instant, print_json, print_table
from warta_shared.cli.redis_client import with_redis
from warta_shared.cli.terminal import printable
from warta_shared.delivery.client import Redis
from warta_shared.settings import RedisSettings

COLUMNS = ("id", "outcome", "failures", "last_success", "last_new", "next_poll", "url")


@app.command("list")
def list_feeds(
    *,
    tag: Annotated[str | None, typer.Option(help="Only feeds with this tag.")] = None,
    source: Annotated[str | None, typer.Option(help="Only feeds of this source.")] = None,
    disabled: Annotated[bool, typer.Option("--disabled", help="Only feeds that are switched off.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the feeds: last outcome, last new entry, next poll, failures in a row.

    Exit codes: 0 all are well, 1 some fail, 3 Redis is unreachable.

    Examples:

      warta feeds list

      warta feeds list --tag ekonomi --json
    """

    def wanted(feed: dict[str, Any]) -> bool:
        return (
            (tag is None or tag in feed["tags"])
            and (source is None or source == feed["source"])
            and (not disabled or not feed["enabled"])
        )

    feeds = [feed for feed in with_redis(_all) if wanted(feed)]
    if as_json:
        print_json(feeds)
    else:
        _print(feeds)
    raise typer.Exit(PROBLEM if any(feed["failures"] for feed in feeds) else 0)


@app.command()
def show(feed_id: Annotated[str, typer.Argument(metavar="FEED")], *, as_json: AsJson = False) -> None:
    """Show one feed: what was declared and how it is doing. Values of its headers stay hidden.

    Exit codes: 0 shown, 1 no such feed, 3 Redis is unreachable.

    Examples:

      warta feeds show kabar-rss
    """
    found = next((feed for feed in with_redis(_all) if feed["id"] == feed_id), None)
    if found is None:
        fail(PROBLEM, f"no such feed: {printable(feed_id)}", "`warta feeds list` shows them.")
    if as_json:
        print_json(found)
        return
    for name, value in found.items():
        if value not in (None, "", {}, [], ()):
            Console(soft_wrap=True).print(Text(printable(f"{name:16}{_told(value)}")))


async def _all(redis: Redis, _settings: RedisSettings) -> list[dict[str, Any]]:
    due = await schedule.due_times(redis)
    _, stored = await store.stored_feeds(redis)
    return [
        {**known.feed.shown(), "origin": known.origin.value}
        | _doing(await state.load(redis, feed_id), due.get(feed_id))
        for feed_id, known in stored.items()
    ]


def _doing(known: state.FeedState, due: int | None) -> dict[str, Any]:
    """`due` in ms since 1970: 0 for now, None for a feed that is not polled."""
    return {
        "outcome": known.outcome,
        "detail": known.detail,
        "failures": known.failures,
        "last_poll": instant(known.last_poll),
        "last_success": instant(known.last_success),
        "last_new": instant(known.last_new),
        "next_poll": None if due is None else instant(due) or "now",
        "overdue_seconds": max(0, round(time.time() - due / 1000)) if due else 0,
    }


def _told(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}: {inner}" for name, inner in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _print(feeds: list[dict[str, Any]]) -> None:
    if not feeds:
        typer.echo("no feeds; add one with `warta feeds add URL`, or name a file in WARTA_FEEDS_FILE")
        return
    print_table(
        (column.replace("_", " ") for column in COLUMNS),
        (
            ([_cell(column, feed) for column in COLUMNS], "red" if feed["failures"] else None)
            for feed in feeds
        ),
    )


def _cell(column: str, feed: dict[str, Any]) -> str:
    value = feed[column]
    if value is None:
        return ("off" if not feed["enabled"] else "-") if column == "next_poll" else "never"
    return str(value)

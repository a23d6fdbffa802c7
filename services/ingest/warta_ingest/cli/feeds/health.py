"""`warta feeds health`: which feeds need a person, and why."""

from __future__ import annotations

import time
from collections import Counter
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from warta_ingest.cli.feeds.app import AsJson, app
from warta_ingest.feeds import store
from warta_ingest.feeds.store import StoredFeed
from warta_ingest.poll import schedule, state
from warta_ingest.poll.condition import TROUBLE, Condition, condition, has_moved, usual_volume, volume
from warta_ingest.registry import accounts
from warta_shared.cli.failure import PROBLEM, fail
from warta_shared.cli.output import instant, print_json, print_table
from warta_shared.cli.redis_client import with_redis
from warta_shared.cli.terminal import printable
from warta_shared.delivery.client import Redis
from warta_shared.settings import RedisSettings

COLUMNS = (
    "id",
    "condition",
    "flags",
    "last_success",
    "last_new",
    "next_poll",
    "every",
    "new_7d",
    "usual",
    "detail",
)
DAYS = 7


@app.command()
def health(
    feed_id: Annotated[str | None, typer.Argument(metavar="[FEED]", help="One feed only.")] = None,
    *,
    trouble: Annotated[bool, typer.Option("--trouble", help="Only feeds that need a look.")] = False,
    as_json: AsJson = False,
) -> None:
    """Tell how each feed is doing: last success, last new entry, next poll and why then, failures, volume.

    Conditions: ok, never-polled, failing, gone (410 on three days), silent (far beyond its own rhythm).
    Flags: moved (its new address is asked), low or high (yesterday against its own median).

    Exit codes: 0 all are well, 1 some are in trouble or no such feed, 3 Redis is unreachable.

    Examples:

      warta feeds health --trouble

      warta feeds health kabar-rss --json
    """

    async def work(redis: Redis, _settings: RedisSettings) -> list[dict[str, Any]]:
        return await _health(redis, feed_id)

    found = with_redis(work)
    if feed_id and not found:
        fail(PROBLEM, f"no such feed: {printable(feed_id)}", "`warta feeds list` shows them.")
    shown = [feed for feed in found if feed["flags"] or feed["condition"] in TROUBLE] if trouble else found
    if as_json:
        print_json(shown)
    elif feed_id:
        _print_one(shown[0] if shown else found[0])
    else:
        _print(shown)
    raise typer.Exit(PROBLEM if any(feed["condition"] in TROUBLE for feed in found) else 0)


async def _health(redis: Redis, feed_id: str | None) -> list[dict[str, Any]]:
    now = time.time_ns() // 1_000_000
    due = await schedule.due_times(redis)
    _, stored = await store.stored_feeds(redis)
    wanted = {one: known for one, known in stored.items() if feed_id in (None, one)}
    states = await state.load_many(redis, wanted)
    days = await accounts.days_of_many(redis, wanted, now)
    return [_row(known, states[one], days[one], due.get(one), now) for one, known in wanted.items()]


def _row(
    known: StoredFeed, doing: state.FeedState, days: list[Counter[str]], due: int | None, now: int
) -> dict[str, Any]:
    word = condition(doing, now)
    week = sum(days[:DAYS], Counter[str]())
    flags = [flag for flag in ("moved" if has_moved(doing) else "", volume(days)) if flag]
    return {
        "id": known.feed.id,
        "condition": word.value if known.feed.enabled else "off",
        "flags": flags,
        "last_poll": instant(doing.last_poll),
        "last_success": instant(doing.last_success),
        "last_new": instant(doing.last_new),
        "next_poll": None
        if due is None or (doing.why == "gone" and word is Condition.GONE)
        else instant(due) or "now",
        "every": round(doing.wait),
        "why": doing.why,
        "failures": doing.failures,
        "outcome": doing.outcome,
        "detail": f"{doing.outcome} {doing.detail}".strip() if doing.failures else "",
        "format": doing.format,
        "moved_to": doing.moved_to if has_moved(doing) else None,
        "usual_gap": round(doing.gap),
        "new_7d": week[accounts.NEW],
        "usual": usual_volume(days),
        "outcomes_7d": dict(sorted(week.items())),
    }


def _print(feeds: list[dict[str, Any]]) -> None:
    if not feeds:
        typer.echo("nothing to tell")
        return
    headings = ({"usual": "usual a day"}.get(column, column.replace("_", " ")) for column in COLUMNS)
    print_table(headings, (([_cell(feed[name]) for name in COLUMNS], _style(feed)) for feed in feeds))


def _print_one(feed: dict[str, Any]) -> None:
    for name, value in feed.items():
        if value not in (None, "", [], {}):
            Console(soft_wrap=True).print(Text(printable(f"{name:14}{_cell(value)}")))


def _cell(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{number} {word}" for word, number in value.items())
    return ", ".join(value) if isinstance(value, list) else "-" if value is None else str(value)


def _style(feed: dict[str, Any]) -> str | None:
    return "red" if feed["condition"] in TROUBLE else "yellow" if feed["flags"] else None

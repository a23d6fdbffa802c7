"""`warta feeds add`, `edit` and `remove`: feeds at run time; the service follows within a second."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

import typer

from warta_ingest.cli.feeds import options
from warta_ingest.cli.feeds.app import AsJson, FeedIds, app
from warta_ingest.cli.feeds.options import given_fields, valid_feed
from warta_ingest.cli.feeds.trying import Trial, Tried
from warta_ingest.feeds import Feed, store
from warta_ingest.feeds.naming import feed_id, source_code
from warta_ingest.feeds.store import Origin, Stored, StoredFeed
from warta_shared.cli.failure import PARTLY, PROBLEM, fail
from warta_shared.cli.output import print_json
from warta_shared.cli.redis_client import with_redis
from warta_shared.cli.terminal import printable
from warta_shared.delivery.client import Redis
from warta_shared.settings import RedisSettings

KNOWN_IDS = "`warta feeds list` shows them."
OF_FILE = "It stands in the feeds file (WARTA_FEEDS_FILE): change it there."
AGAIN = "Somebody else has just changed it; look at it and try again."


@app.command()
def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="The feed's address.")],
    *,
    identity: Annotated[
        str | None, typer.Option("--id", help="Its id; made from the host if not given.")
    ] = None,
    name: options.Name = None,
    source: options.Source = None,
    country: options.Country = None,
    language: options.Language = None,
    section: options.Section = None,
    interval_min: options.Shortest = None,
    interval_max: options.Longest = None,
    full_text: options.FullText = None,
    header: options.Header = None,
    header_file: options.HeaderFile = None,
    tag: options.Tag = None,
    disabled: Annotated[bool, typer.Option("--disabled", help="Do not poll it yet.")] = False,
    check: Annotated[bool, typer.Option(help="Fetch and read it first.")] = True,
    as_json: AsJson = False,
) -> None:
    """Add a feed. It is fetched and read first, unless you say --no-check.

    Exit codes: 0 added, 1 it is no feed or is there already, 2 usage, 3 Redis is unreachable.

    Examples:

      warta feeds add https://news.example/rss.xml --country ID --tag ekonomi

      warta feeds add https://news.example/rss.xml --id news --section 'Ekonomi=04000000' --interval-max 900
    """
    fields = given_fields(
        name=name, source=source, country=country, language=language, section=section, tag=tag,
        interval_min=interval_min, interval_max=interval_max, full_text=full_text,
        header=header, header_file=header_file,
    )  # fmt: skip
    fields |= {"url": url, "enabled": not disabled}
    fields.setdefault("source", source_code(url))
    valid_feed({"id": "any"} | fields)
    _, stored = with_redis(_stored)
    feed = valid_feed(fields | {"id": identity or feed_id(url, stored.keys())})
    _refuse_known(feed, stored)
    tried = asyncio.run(_try(feed)) if check else None
    if tried and tried.problem:
        fail(PROBLEM, f"{printable(url)} is no feed: {printable(tried.problem)}", _hint(tried))

    async def work(redis: Redis, _settings: RedisSettings) -> list[str]:
        return await store.change(redis, [(feed.id, "", StoredFeed.of(feed, Origin.COMMAND).record)])

    if with_redis(work):
        fail(PROBLEM, f"the id {feed.id} has just been taken", AGAIN)
    if as_json:
        print_json(feed.shown())
        return
    typer.echo(f"added {feed.id} (source {feed.source})")
    if tried:
        typer.echo(f"{tried.format}, {tried.entries} entries, newest {tried.newest or 'unknown'}")


@app.command()
def edit(
    identity: Annotated[str, typer.Argument(metavar="FEED", help="Its id, as `list` shows it.")],
    *,
    url: Annotated[str | None, typer.Option(help="A new address; it is polled at once.")] = None,
    name: options.Name = None,
    source: options.Source = None,
    country: options.Country = None,
    language: options.Language = None,
    section: options.Section = None,
    interval_min: options.Shortest = None,
    interval_max: options.Longest = None,
    full_text: options.FullText = None,
    header: options.Header = None,
    header_file: options.HeaderFile = None,
    tag: options.Tag = None,
    enabled: Annotated[
        bool | None, typer.Option("--enabled/--disabled", help="Whether it is polled.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Change a feed; what is not given stays. Sections, headers and tags are replaced as a whole.

    Exit codes: 0 changed, 1 no such feed or it is the file's, 2 usage, 3 Redis is unreachable.

    Examples:

      warta feeds edit news --disabled

      warta feeds edit news --interval-min 60 --interval-max 600
    """
    fields = given_fields(
        name=name, source=source, country=country, language=language, section=section, tag=tag,
        interval_min=interval_min, interval_max=interval_max, full_text=full_text,
        header=header, header_file=header_file,
    )  # fmt: skip
    fields |= {"url": url} if url else {}
    fields |= {} if enabled is None else {"enabled": enabled}
    _, stored = with_redis(_stored)
    known = _changeable(identity, stored)
    feed = valid_feed(_joined(known.feed.model_dump(), fields))
    _refuse_known(feed, {other: one for other, one in stored.items() if other != identity})

    async def work(redis: Redis, _settings: RedisSettings) -> list[str]:
        return await store.change(
            redis, [(identity, known.record, StoredFeed.of(feed, Origin.COMMAND).record)]
        )

    if with_redis(work):
        fail(PROBLEM, f"{identity} was not changed", AGAIN)
    if as_json:
        print_json(feed.shown())
    else:
        typer.echo(f"changed {identity}")


@app.command()
def remove(
    feed_ids: FeedIds,
    *,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Remove feeds: they are polled no more. Their articles stay.

    Exit codes: 0 removed, 1 none of them could be, 3 Redis is unreachable, 4 some could not.

    Examples:

      warta feeds remove news --yes
    """
    _, stored = with_redis(_stored)
    problems = {one: _why_not(one, stored) for one in feed_ids}
    leaving = [one for one in dict.fromkeys(feed_ids) if not problems[one]]
    if leaving and not yes:
        typer.confirm(f"Remove {printable(', '.join(leaving))}?", abort=True)

    async def work(redis: Redis, _settings: RedisSettings) -> list[str]:
        return await store.change(redis, [(one, stored[one].record, "") for one in leaving])

    kept = with_redis(work)
    removed = [one for one in leaving if one not in kept]
    refused = [f"{one}: {problem}" for one, problem in problems.items() if problem]
    refused += [f"{one}: {AGAIN}" for one in kept]
    if as_json:
        print_json({"removed": removed, "refused": refused})
    elif removed:
        typer.echo(f"removed {printable(', '.join(removed))}")
    if refused:
        fail(PARTLY if removed else PROBLEM, printable("; ".join(refused)))


async def _stored(redis: Redis, _settings: RedisSettings) -> tuple[int, dict[str, StoredFeed]]:
    return await store.stored_feeds(redis)


async def _try(feed: Feed) -> Tried:
    async with Trial() as trial:
        return await trial.of(feed.url, feed.headers)


def _hint(tried: Tried) -> str:
    return (
        f"`warta feeds discover {printable(tried.url)}` looks for the feeds of this site."
        if tried.page
        else ""
    )


def _refuse_known(feed: Feed, stored: Stored) -> None:
    if feed.id in stored:
        fail(PROBLEM, f"the id {feed.id} is taken", "Choose another with --id, or `warta feeds edit`.")
    same = next((other for other, known in stored.items() if known.feed.url == feed.url), None)
    if same:
        fail(PROBLEM, f"this address is already polled as {same}", f"`warta feeds show {same}` shows it.")


def _why_not(identity: str, stored: Stored) -> str:
    """Why a feed cannot be changed by command; '' when it can."""
    if identity not in stored:
        return f"no such feed. {KNOWN_IDS}"
    return OF_FILE if stored[identity].origin is Origin.FILE else ""


def _changeable(identity: str, stored: Stored) -> StoredFeed:
    if problem := _why_not(identity, stored):
        fail(PROBLEM, f"{printable(identity)}: {problem}")
    return stored[identity]


def _joined(before: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    interval = {**before["interval"], **given.get("interval", {})}
    return {**before, **given, "interval": interval}

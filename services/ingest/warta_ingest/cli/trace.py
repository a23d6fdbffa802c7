"""`warta trace`: what became of a URL or an article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from warta_ingest.feeds import store
from warta_ingest.poll.discovered import BY_URL
from warta_ingest.registry.journey import last_step
from warta_ingest.registry.known import Known
from warta_ingest.sameness import BadUrlError, article_id, canonical_url
from warta_shared.cli.failure import PROBLEM, USAGE, fail
from warta_shared.cli.output import print_json
from warta_shared.cli.redis_client import with_redis
from warta_shared.cli.terminal import printable
from warta_shared.delivery.broker import Redis
from warta_shared.delivery.dead_letters import dead_letters
from warta_shared.delivery.names import key, partition_of
from warta_shared.settings import RedisSettings

app = typer.Typer()

_ID = re.compile(r"[a-z2-7]{26}")


@app.command()
def trace(
    what: Annotated[str, typer.Argument(metavar="URL|ID", help="A page's URL or an article's id.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="JSON on standard output.")] = False,
) -> None:
    """Tell what became of a page or article: how it was fetched, which revision was published, dead letters.

    Exit codes: 0 it was published, 1 it was not (and why), 2 usage, 3 Redis is unreachable.

    Examples:

      warta trace https://news.example/2025/06/msme-plan

      warta trace k5lq3zj6x7a2c4e6g2i4k6m2o4 --json
    """
    identity = what if _ID.fullmatch(what) else _id_of(what)

    async def work(redis: Redis, settings: RedisSettings) -> dict[str, Any]:
        return await journey(redis, settings.partitions, identity)

    found = with_redis(work)
    if as_json:
        print_json(found)
    else:
        _print(found)
    if not found["page"] and not found["article"] and not found["dead_letters"]:
        fail(
            PROBLEM,
            "never seen here",
            "Is it in a feed that is polled (`warta feeds list`), or was it pushed?",
        )
    raise typer.Exit(0 if found["article"] else PROBLEM)


async def journey(redis: Redis, partitions: int, identity: str) -> dict[str, Any]:
    """All that Redis remembers of a page's or an article's id."""
    step = await last_step(redis, partitions, identity)
    article = step.article if step and step.article else identity
    marker = await redis.get(key("seen", partition_of(article, partitions), article))
    known = Known.from_marker((marker or b"").decode("ascii", "replace"))
    letters = [
        {
            "id": filed.id,
            "group": filed.letter.group,
            "reason": filed.letter.reason,
            "detail": filed.letter.detail,
        }
        async for filed in dead_letters(redis, partitions)
        if filed.letter and filed.letter.article_id in {identity, article}
    ]
    return {
        "page": asdict(step) | {"at": _instant(step.at)} if step else None,
        "feeds": await _named_by(redis, partitions, identity),
        "article": {
            "id": article,
            "revision": known.revision,
            "first_seen_at": _instant(known.first_seen_at),
            "observed_at": _instant(known.observed_at),
        }
        if known
        else None,
        "dead_letters": letters,
    }


async def _named_by(redis: Redis, partitions: int, page: str) -> list[str]:
    """The feeds that have named a page lately: each leaves a marker of its own."""
    _, stored = await store.stored_feeds(redis)
    feeds = [*stored, BY_URL]
    partition = partition_of(page, partitions)
    markers = await redis.mget([key("page", partition, page, feed) for feed in feeds])
    return [feed for feed, marker in zip(feeds, markers, strict=True) if marker]


def _id_of(url: str) -> str:
    try:
        return article_id(canonical_url(url))
    except BadUrlError as error:
        fail(USAGE, f"neither an article's id nor a URL: {error}")


def _instant(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds")


def _print(found: dict[str, Any]) -> None:
    for line in _lines(found):
        Console(soft_wrap=True).print(Text(printable(line)))


def _lines(found: dict[str, Any]) -> Iterator[str]:
    if page := found["page"]:
        detail = f" ({page['detail']})" if page["detail"] else ""
        yield f"page      {page['url']} from feed {page['feed'] or '-'}"
        yield f"          {page['at']} {page['outcome']} {page['reason']}{detail}"
    if found["feeds"]:
        yield f"named by  {', '.join(found['feeds'])}"
    if article := found["article"]:
        yield f"article   {article['id']} revision {article['revision']}"
        yield f"          first seen {article['first_seen_at']}, as now {article['observed_at']}"
    for letter in found["dead_letters"]:
        yield f"dead      {letter['id']} at {letter['group']}: {letter['reason']} {letter['detail']}"

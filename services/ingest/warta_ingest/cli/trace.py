"""`warta trace`: what became of a URL or an article."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from warta_ingest.feeds import store
from warta_ingest.poll.discovered import BY_URL
from warta_ingest.registry.journey import known_record
from warta_ingest.registry.page_record import PageRecord
from warta_ingest.sameness import BadUrlError, article_id, canonical_url
from warta_shared.cli.failure import PROBLEM, USAGE, fail
from warta_shared.cli.output import print_json
from warta_shared.cli.redis_client import with_redis
from warta_shared.cli.terminal import printable
from warta_shared.delivery.client import Redis
from warta_shared.delivery.dead_letters import dead_letters
from warta_shared.events.article_id import is_id
from warta_shared.registry.known import Known
from warta_shared.settings import RedisSettings

app = typer.Typer()


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
    identity = what if is_id(what) else _id_of(what)

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
    record = await known_record(redis, partitions, identity)
    page = record.page
    article = page.article if page and page.article else identity
    known = (
        record.article if article == identity else (await known_record(redis, partitions, article)).article
    )
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
        "page": _page(page) if page else None,
        "feeds": await _named_by(redis, page) if page else [],
        "article": _article(article, known) if known else None,
        "dead_letters": letters,
    }


def _page(page: PageRecord) -> dict[str, Any]:
    """Its fetches, the latest last; outcome, reason and detail of the latest beside them."""
    fetches = [
        {"at": _instant(one.at * 1000), "outcome": one.outcome, "reason": one.reason} for one in page.fetches
    ]
    latest = fetches[-1] if fetches else {"at": None, "outcome": "waiting", "reason": ""}
    return {"url": page.url, **latest, "detail": page.detail, "article": page.article, "fetches": fetches}


def _article(identity: str, known: Known) -> dict[str, Any]:
    return {
        "id": identity,
        "revision": known.revision,
        "source": known.source,
        "withdrawn": known.withdrawn,
        "first_seen_at": _instant(known.first_seen_at),
        "observed_at": _instant(known.observed_at),
    }


async def _named_by(redis: Redis, page: PageRecord) -> list[str]:
    """The feeds that have named a page, of those that are known here."""
    _, stored = await store.stored_feeds(redis)
    return [feed for feed in (*stored, BY_URL) if page.said_by(feed) is not None]


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
        yield f"page      {page['url']}"
        for fetch in page["fetches"] or [page]:
            detail = f" ({page['detail']})" if page["detail"] and fetch is page["fetches"][-1] else ""
            yield f"          {fetch['at'] or ''} {fetch['outcome']} {fetch['reason']}{detail}"
    if found["feeds"]:
        yield f"named by  {', '.join(found['feeds'])}"
    if article := found["article"]:
        withdrawn = ", withdrawn" if article["withdrawn"] else ""
        yield f"article   {article['id']} revision {article['revision']}{withdrawn}, source {article['source']}"
        yield f"          first seen {article['first_seen_at']}, as now {article['observed_at']}"
    for letter in found["dead_letters"]:
        yield f"dead      {letter['id']} at {letter['group']}: {letter['reason']} {letter['detail']}"

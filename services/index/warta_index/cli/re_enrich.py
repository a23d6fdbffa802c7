"""`warta re-enrich`: articles of the index through enrichment once more."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.progress import Progress as Bar
from rich.progress import TaskID

from warta_index.cli.asking import (
    Again,
    AsJson,
    Lang,
    Since,
    Source,
    Until,
    asked,
    fingerprint,
    refusals_told,
)
from warta_index.cli.progress import articles_bar
from warta_index.connection import Connection
from warta_index.credentials import api_key
from warta_index.query import Question, query_of
from warta_index.reenrich.progress import Progress, run_key
from warta_index.reenrich.raw_again import NotAnArticle
from warta_index.reenrich.run import ReEnrichment
from warta_index.settings import ElasticsearchSettings
from warta_shared.cli.failure import PARTLY, PROBLEM, fail, read_settings
from warta_shared.cli.output import print_json
from warta_shared.cli.redis_client import with_redis
from warta_shared.cli.terminal import printable
from warta_shared.delivery.backlog import refusal
from warta_shared.delivery.client import Redis
from warta_shared.delivery.patience import Patience
from warta_shared.settings import DeliverySettings, RedisSettings

app = typer.Typer(add_completion=False)

# It is never urgent: news that waits behind it would be.
BACKLOG_MAX = 2_000


@app.command("re-enrich")
def re_enrich(
    query: Annotated[str, typer.Argument(help="Words and filters, as for `warta search`; none: all.")] = "",
    *,
    since: Since = None,
    until: Until = None,
    source: Source = None,
    lang: Lang = None,
    again: Again = False,
    as_json: AsJson = False,
) -> None:
    """Have articles enriched anew, after a new release or with new tables: each replaces its document.

    It waits while the stages have enough to do, and goes on where a killed run of the same command ended. An
    article that was edited meanwhile keeps its newer version. Withdrawn and withheld articles are left as they are.

    Exit codes: 0 all are on their way, 1 nothing matched, or Elasticsearch refused, 2 usage, 3 Elasticsearch or Redis
    is unreachable, 4 some documents could not be read as articles, or it was interrupted.

    Examples:

      warta re-enrich --since 30d

      warta re-enrich --source KABAR --lang id --again
    """
    question = asked(query, since=since, until=until, sources=source, languages=lang)
    where = run_key(fingerprint(query, since, until, source, lang))
    done, total = _run(question, where, again=again, hidden=as_json)
    if as_json:
        print_json({"matched": total, "published": done.published, "unfit": done.unfit})
    else:
        typer.echo(f"{done.published:,} of {total:,} articles are on their way" + _unfit(done))
    if not total:
        fail(PROBLEM, "no article matches")
    raise typer.Exit(PARTLY if done.unfit else 0)


def _unfit(done: Progress) -> str:
    return f", {done.unfit:,} could not be read" if done.unfit else ""


def _run(question: Question, where: str, *, again: bool, hidden: bool) -> tuple[Progress, int]:
    elastic = read_settings(ElasticsearchSettings)
    limits = read_settings(DeliverySettings)
    gentle = limits.model_copy(update={"max_backlog": min(limits.max_backlog, BACKLOG_MAX)})
    query = query_of(question)

    async def work(redis: Redis, _settings: RedisSettings) -> tuple[Progress, int]:
        async with Connection(elastic, api_key(elastic)) as connection:
            with articles_bar("re-enriching", hidden=hidden) as (bar, task):
                shown = _Shown(bar, task)
                run = ReEnrichment(
                    redis,
                    connection,
                    gentle,
                    Patience(lambda: refusal(redis, gentle), shown.waiting),
                    shown.matched,
                    shown.moved,
                    shown.unfit,
                )
                return await run.run(query, where, again=again), shown.total

    try:
        with refusals_told(elastic.elasticsearch_url):
            return with_redis(work)
    except KeyboardInterrupt:
        fail(PARTLY, "interrupted", "The same command goes on where this one was.")


class _Shown:
    """What a person sees while it runs."""

    def __init__(self, bar: Bar, task: TaskID) -> None:
        self._bar = bar
        self._task = task
        self.total = 0
        self._why = ""

    def waiting(self, why: str) -> None:
        """Why nothing moves."""
        if why and why != self._why:
            self._bar.console.print(f"waiting: {printable(why)}", style="dim")
        self._why = why

    def matched(self, number: int) -> None:
        """How many there are."""
        self.total = number
        self._bar.update(self._task, total=max(number, 1))

    def moved(self, done: Progress) -> None:
        """How far it is."""
        self._bar.update(self._task, completed=done.published + done.unfit)

    def unfit(self, error: NotAnArticle) -> None:
        """A document that is no article."""
        self._bar.console.print(f"left as it is: {printable(str(error))}")

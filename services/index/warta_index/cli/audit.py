"""`warta audit`: is every published article in the index?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console

from warta_index.audit.comparison import PROBLEMS, Findings, Verdict
from warta_index.audit.run import Audit, Moved
from warta_index.cli.asking import AsJson, refusals_told
from warta_index.connection import Connection
from warta_index.credentials import api_key
from warta_index.settings import AuditSettings
from warta_shared.cli.failure import PROBLEM, read_settings
from warta_shared.cli.output import print_json
from warta_shared.cli.redis_client import with_redis
from warta_shared.delivery.broker import Redis
from warta_shared.settings import RedisSettings

app = typer.Typer(add_completion=False)

SHOWN = 10
MEANING = {
    Verdict.FINE: "in the index as they were published last",
    Verdict.ON_ITS_WAY: "published a moment ago",
    Verdict.DEAD: "dead letters: `warta dead-letters list`",
    Verdict.FORGOTTEN: "older than the registry remembers",
    Verdict.MISSING: "published, but not in the index: push or fetch them again",
    Verdict.STALE: "in the index as they were before: push or fetch them again",
    Verdict.PHANTOM: "in the index, but never published",
    Verdict.AHEAD: "newer in the index than the registry knows: Redis lost its memory",
}


@app.command("audit")
def audit(
    *,
    grace: Annotated[
        float, typer.Option(min=0, help="Seconds that an article may take from publication to the index.")
    ] = 600.0,
    as_json: AsJson = False,
) -> None:
    """Compare every article that the registry says was published with the documents and the dead letters.

    A million articles take a minute or two and some 350 MB. What happens meanwhile is no problem.

    Exit codes: 0 all are accounted for, 1 some are missing, stale, phantom or ahead, or Elasticsearch refused, 2 usage,
    3 Redis or Elasticsearch is unreachable.

    Examples:

      warta audit

      warta audit --grace 60 --json
    """
    findings = _run(grace, hidden=as_json)
    if as_json:
        counts = {verdict.value: findings.counts[verdict] for verdict in Verdict}
        shown = {verdict.value: findings.shown[verdict] for verdict in PROBLEMS}
        print_json({"counts": counts, "articles": shown})
    else:
        for line in _lines(findings):
            typer.echo(line)
    raise typer.Exit(PROBLEM if findings.problems else 0)


def _run(grace: float, *, hidden: bool) -> Findings:
    settings = read_settings(AuditSettings)
    console = Console(stderr=True)

    async def work(redis: Redis, redis_settings: RedisSettings) -> Findings:
        async with Connection(settings, api_key(settings)) as connection:
            with _status(console, hidden=hidden) as moved:
                partitions = redis_settings.partitions
                return await Audit(redis, connection, partitions, grace, settings.registry_days, moved).run()

    with refusals_told(settings.elasticsearch_url):
        return with_redis(work)


@contextmanager
def _status(console: Console, *, hidden: bool) -> Iterator[Moved]:
    if hidden or not console.is_terminal:
        yield lambda _step, _number: None
        return
    with console.status("reading the registry") as status:
        yield lambda step, number: status.update(f"reading the {step}: {number:,} articles")


def _lines(findings: Findings) -> Iterator[str]:
    for verdict in Verdict:
        if number := findings.counts[verdict]:
            yield f"{number:>10,} {verdict.value:<11} {MEANING[verdict]}"
            shown = findings.shown.get(verdict, [])
            yield from (f"{'':>22} {identity}" for identity in shown[:SHOWN])
            if len(shown) > SHOWN:
                yield f"{'':>22} ... (--json shows more)"
    if not findings.counts:
        yield "no article was published yet"
    elif not findings.problems:
        yield "all articles are accounted for"

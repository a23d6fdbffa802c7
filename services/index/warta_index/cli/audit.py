"""`warta audit`: is every published article in the index, and what can be done where one is not?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Annotated

import typer

from warta_index.audit.comparison import PROBLEMS, SHOWN_MAX, Findings, Verdict
from warta_index.audit.repair import Mended, Repair, Repaired
from warta_index.audit.run import Audit
from warta_index.cli.asking import AsJson, refusals_told
from warta_index.cli.progress import counted
from warta_index.connection import Connection
from warta_index.credentials import api_key
from warta_index.settings import AuditSettings
from warta_shared.cli.failure import PARTLY, PROBLEM, read_settings
from warta_shared.cli.output import print_json
from warta_shared.cli.redis_client import with_redis
from warta_shared.delivery.client import Redis
from warta_shared.delivery.stages import Stage, stages
from warta_shared.settings import RedisSettings

app = typer.Typer(add_completion=False)

SHOWN = 10
ALL = 100_000_000
MEANING = {
    Verdict.FINE: "in the index as they were published last",
    Verdict.ON_ITS_WAY: "on a stream, or published a moment ago",
    Verdict.DEAD: "dead letters: `warta dead-letters list`",
    Verdict.FORGOTTEN: "older than the registry remembers",
    Verdict.MISSING: "published, but not in the index (--repair)",
    Verdict.STALE: "in the index as they were before (--repair)",
    Verdict.PHANTOM: "in the index, but the registry does not know them (--repair)",
    Verdict.AHEAD: "newer in the index than the registry knows: Redis lost its memory (--repair)",
}
DONE = {
    Mended.PUT_BACK: "put back on their stream",
    Mended.FETCHED_AGAIN: "their pages are fetched again",
    Mended.REMEMBERED: "remembered in the registry as the index has them",
    Mended.PUSH_AGAIN: "came from a pusher: push them again, they are taken as if they were new",
}


@dataclass(frozen=True, slots=True)
class Told:
    """All that there is to tell; `repaired` is None where nobody asked for it."""

    findings: Findings
    stages: list[Stage]
    repaired: Repaired | None = None

    @property
    def exit_code(self) -> int:
        """What is mended is no problem any more, what only a pusher can mend is."""
        unread = sum(stage.unread for stage in self.stages)
        if self.repaired:
            return PARTLY if self.repaired.ids[Mended.PUSH_AGAIN] or unread else 0
        return PROBLEM if self.findings.problems or unread else 0


@app.command("audit")
def audit(
    *,
    grace: Annotated[
        float, typer.Option(min=0, help="Seconds that an article may take from publication to the index.")
    ] = 600.0,
    repair: Annotated[
        bool, typer.Option("--repair", help="Bring in again what is missing or stale, remember the rest.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Compare every article that the registry says was published with the streams, dead letters and documents.

    --repair puts what is missing or stale back on its stream where that still has it, has its page fetched again, or
    says what must be pushed again; and takes into the registry what only the index knows. Run the audit again when
    that has arrived. A million articles take a minute or two. What happens meanwhile is no problem.

    Exit codes: 0 all are accounted for (--repair: or on their way), 1 some are missing, stale, phantom or ahead, or
    Elasticsearch refused, 2 usage, 3 Redis or Elasticsearch is unreachable, 4 some must be pushed again.

    Examples:

      warta audit

      warta audit --grace 60 --json

      warta audit --repair
    """
    told = _run(grace, repair=repair, hidden=as_json)
    if as_json:
        print_json(_content(told))
    else:
        for line in _lines(told):
            typer.echo(line)
    raise typer.Exit(told.exit_code)


def _run(grace: float, *, repair: bool, hidden: bool) -> Told:
    settings = read_settings(AuditSettings)

    async def work(redis: Redis, redis_settings: RedisSettings) -> Told:
        partitions = redis_settings.partitions
        async with Connection(settings, api_key(settings)) as connection:
            with counted("reading the registry", hidden=hidden) as moved:
                most = ALL if repair else SHOWN_MAX
                days = settings.registry_days
                findings, streams = await Audit(redis, connection, partitions, grace, days, moved, most).run()
                if not repair:
                    return Told(findings, await stages(redis, partitions))
                lifetime = settings.registry_seconds
                mending = Repair(redis, connection, partitions, lifetime, lambda n: moved("repairs", n))
                repaired = await mending.run(findings, streams)
                return Told(findings, await stages(redis, partitions), repaired)

    with refusals_told(settings.elasticsearch_url):
        return with_redis(work)


def _content(told: Told) -> dict[str, object]:
    content: dict[str, object] = {
        "counts": {verdict.value: told.findings.counts[verdict] for verdict in Verdict},
        "articles": {verdict.value: told.findings.shown[verdict][:SHOWN_MAX] for verdict in PROBLEMS},
        "stages": [asdict(stage) for stage in told.stages],
    }
    if told.repaired:
        content["repaired"] = {how.value: ids for how, ids in told.repaired.ids.items()}
    return content


def _lines(told: Told) -> Iterator[str]:
    findings = told.findings
    for verdict in Verdict:
        if number := findings.counts[verdict]:
            yield f"{number:>10,} {verdict.value:<11} {MEANING[verdict]}"
            yield from _shown(findings.shown.get(verdict, []))
    for stage in told.stages:
        if stage.unread:
            yield f"{stage.unread:>10,} {'unread':<11} removed from the stream before `{stage.hop}` read them"
    if told.repaired:
        yield from _repairs(told.repaired)
    elif not findings.counts:
        yield "no article was published yet"
    elif not told.exit_code:
        yield "all articles are accounted for"


def _repairs(repaired: Repaired) -> Iterator[str]:
    if not any(repaired.ids.values()):
        yield "nothing to repair"
    for how, ids in repaired.ids.items():
        if ids:
            yield f"{len(ids):>10,} {how.value:<13} {DONE[how]}"
            yield from _shown(ids if how is Mended.PUSH_AGAIN else ())


def _shown(ids: list[str] | tuple[str, ...]) -> Iterator[str]:
    yield from (f"{'':>22} {identity}" for identity in ids[:SHOWN])
    if len(ids) > SHOWN:
        yield f"{'':>22} ... (--json shows more)"

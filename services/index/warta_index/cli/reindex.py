"""`warta reindex`: a new index in the place of the one that is there, without a pause."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from warta_index.cli.asking import AsJson, refusals_told
from warta_index.cli.setup import administration
from warta_index.connection import Connection
from warta_index.credentials import administrator
from warta_index.reindex.run import PROBLEMS, End, Outcome, Reindex
from warta_index.reindex.standing import Standing, look
from warta_index.setup import SetupError
from warta_shared.cli.failure import PARTLY, PROBLEM, fail
from warta_shared.cli.output import print_json
from warta_shared.cli.terminal import printable

app = typer.Typer(add_completion=False)

SHOWN = 10
KEPT = "{} gets everything too: `warta reindex rollback`, or `warta reindex finish` to let it go"

AnswerT = TypeVar("AnswerT")


@app.callback(invoke_without_command=True)
def reindex(
    context: typer.Context,
    *,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Also where the index is as this release wants it.")
    ] = False,
    settle: Annotated[
        float, typer.Option(min=0, help="Seconds until every index service has noticed; above its timeout.")
    ] = 20.0,
    rate: Annotated[float, typer.Option(min=0, help="Articles a second at the most; 0: no limit.")] = 0.0,
    as_json: AsJson = False,
) -> None:
    """Build a new index (settings and fields of this release), compare it, and let it serve: nothing stands still.

    The index service writes to both from the beginning on. Articles are copied, number and checksums compared, and
    the aliases exchanged at one instant. The earlier index goes on getting everything until `finish`, so that
    `rollback` is one instant, too. The same command goes on where a killed one ended. It needs the administrator,
    as `warta setup` does (compose: docker compose run --rm admin warta reindex).

    Exit codes: 0 the new index serves (or nothing is to do), 1 refused, or the two differ, 2 usage,
    3 Elasticsearch is unreachable, 4 interrupted.

    Examples:

      warta reindex

      warta reindex --rate 500

      warta reindex finish --delete
    """
    if context.invoked_subcommand:
        return
    outcome = _run(lambda reindex: reindex.run(anyway=anyway), settle=settle, rate=rate, hidden=as_json)
    _end(outcome, as_json=as_json)


@app.command()
def status(*, as_json: AsJson = False) -> None:
    """Which index serves, and what the other one is. Exit codes as above.

    Example: warta reindex status
    """
    standing = _run(lambda reindex: look(reindex.connection), hidden=True)
    if as_json:
        print_json(asdict(standing))
        return
    for line in _standing(standing):
        typer.echo(line)


@app.command()
def rollback(
    *,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Also if it does not hold as many articles.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Let the earlier index serve again: it got everything meanwhile. Exit codes as above.

    Example: warta reindex rollback
    """
    _end(_run(lambda reindex: reindex.rollback(anyway=anyway), hidden=as_json), as_json=as_json)


@app.command()
def finish(
    *,
    delete: Annotated[bool, typer.Option("--delete", help="Delete the earlier index, too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write to the new index alone from now on. Exit codes as above.

    Example: warta reindex finish --delete
    """
    _end(_run(lambda reindex: reindex.finish(delete=delete), hidden=as_json), as_json=as_json)


@app.command()
def abandon(*, as_json: AsJson = False) -> None:
    """Delete the index that is being built. Exit codes as above.

    Example: warta reindex abandon
    """
    _end(_run(lambda reindex: reindex.abandon(), hidden=as_json), as_json=as_json)


def _run(
    work: Callable[[Reindex], Awaitable[AnswerT]], *, hidden: bool, settle: float = 0.0, rate: float = 0.0
) -> AnswerT:
    settings = administration()

    async def run() -> AnswerT:
        async with Connection(settings, administrator(settings)) as connection:
            with _shown(hidden=hidden) as shown:
                return await work(Reindex(connection, settings, shown, settle, rate))

    try:
        with refusals_told(settings.elasticsearch_url):
            return asyncio.run(run())
    except SetupError as error:
        fail(PROBLEM, printable(str(error)))
    except KeyboardInterrupt:
        fail(PARTLY, "interrupted", "The same command goes on where this one was; `abandon` gives it up.")


def _end(outcome: Outcome, *, as_json: bool) -> None:
    if as_json:
        print_json(asdict(outcome))
    else:
        for line in _lines(outcome):
            typer.echo(printable(line))
    raise typer.Exit(PROBLEM if outcome.end in PROBLEMS else 0)


def _lines(outcome: Outcome) -> Iterator[str]:
    match outcome.end:
        case End.NOTHING_TO_DO:
            yield f"{outcome.serving} is as this release wants it (--anyway makes a new one all the same)"
        case End.REFUSED:
            yield f"{outcome.other} refused {outcome.refusals.number:,} articles; {outcome.serving} goes on serving"
            yield from (f"  {identity} {reason}" for identity, reason in outcome.refusals.shown[:SHOWN])
        case End.DIFFERENT:
            one, other = outcome.compared.numbers
            yield f"{outcome.serving} holds {one:,} articles, {outcome.other} {other:,}; nothing was exchanged"
            yield from (f"  differs: {identity}" for identity in outcome.compared.different[:SHOWN])
        case End.EXCHANGED:
            number = outcome.compared.numbers[0]
            yield f"{outcome.serving} serves" + (f", {number:,} articles compared" if number else "")
            yield KEPT.format(outcome.other)
        case End.LET_GO:
            yield f"{outcome.serving} alone is written to; {outcome.other or 'the other index'} " + (
                "is kept as it is" if outcome.other else "was deleted"
            )


def _standing(standing: Standing) -> Iterator[str]:
    yield f"{standing.serving} serves"
    if building := standing.building:
        yield f"{standing.other} is being built, {building.copied:,} articles copied: `warta reindex` goes on"
    elif standing.other:
        yield KEPT.format(standing.other)


class _Shown:
    """What a person sees while it runs."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task = bar.add_task("looking", total=None)

    def step(self, name: str) -> None:
        """The next one."""
        self._bar.reset(self._task, description=name, total=None)

    def moved(self, done: float, total: float) -> None:
        """How far it is."""
        self._bar.update(self._task, completed=done, total=max(total, 1))


@contextmanager
def _shown(*, hidden: bool) -> Iterator[_Shown]:
    console = Console(stderr=True)
    columns = ("{task.description}", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(
        *columns, console=console, disable=hidden or not console.is_terminal, transient=True
    ) as bar:
        yield _Shown(bar)

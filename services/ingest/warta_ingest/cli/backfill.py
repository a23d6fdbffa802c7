"""`warta backfill`: old articles and pages from files."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TimeRemainingColumn

from warta_ingest.backfill.inputs import Form, Input, form_of
from warta_ingest.backfill.item import Item
from warta_ingest.backfill.origin import Origins, feeds_by_site
from warta_ingest.backfill.progress import Progress as Done
from warta_ingest.backfill.run import Backfill
from warta_ingest.backfill.settling import FINE, Settled, Settling
from warta_ingest.feeds import store
from warta_ingest.parser_pool import ParserPool
from warta_ingest.poll.discovered import DiscoveredPages
from warta_ingest.reading import page_reader
from warta_ingest.registry.publisher import ArticlePublisher
from warta_ingest.settings import IngestSettings
from warta_shared.cli.failure import PARTLY, PROBLEM, USAGE, fail, read_settings
from warta_shared.cli.output import print_json
from warta_shared.cli.redis_client import with_redis
from warta_shared.cli.terminal import printable
from warta_shared.delivery.backlog import refusal
from warta_shared.delivery.client import Redis
from warta_shared.delivery.patience import Pace, Patience
from warta_shared.settings import RedisSettings

app = typer.Typer()

REFUSALS = Path("backfill-refused.ndjson")


@app.command()
def backfill(
    inputs: Annotated[list[Path], typer.Argument(metavar="FILE|FOLDER...", help="What to bring in.")],
    *,
    form: Annotated[
        Form | None, typer.Option(help="What the files hold, where their names do not tell.")
    ] = None,
    source: Annotated[str, typer.Option(help="Source code for what names none.")] = "",
    country: Annotated[
        str, typer.Option(help="As ID: the zone of times without one on pages; rows give theirs (+07:00).")
    ] = "",
    site: Annotated[str, typer.Option(help="The address that a folder of pages stands for.")] = "",
    refusals: Annotated[
        Path, typer.Option(help="Where what was not taken is written, a line of JSON each.")
    ] = REFUSALS,
    rate: Annotated[float, typer.Option(min=0, help="Items a second at most; 0 for no limit.")] = 0.0,
    workers: Annotated[int, typer.Option(min=1, max=16, help="Processes that read pages.")] = 1,
    again: Annotated[
        bool, typer.Option("--again", help="From the beginning, whatever was done before.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON on standard output.")] = False,
) -> None:
    """Bring in old articles (JSONL, CSV), pages (WARC, a folder of HTML) and lists of URLs.

    It waits while the system has enough to do. A run that was killed goes on where it was when the same command
    is given again; what is there already is not published twice. Forms by name: .jsonl .ndjson .csv .tsv
    .txt .urls .warc, each also .gz.

    Exit codes: 0 all is stored or on its way, 1 nothing was, 2 usage, 3 Redis is unreachable, 4 some was refused.

    Examples:

      warta backfill 2024.jsonl.gz --source KABAR

      warta backfill archive/*.warc.gz

      warta backfill urls.txt --rate 2

      warta backfill mirror/ --site https://kabar.example/
    """
    settings = read_settings(IngestSettings)
    given = [_input(path, form, site, settings.page_bytes_max) for path in inputs]
    origins = Origins(source, country)
    report: list[dict[str, Any]] = []
    with _Refusals(refusals) as written, _bar(hidden=as_json) as bar:

        async def work(redis: Redis, _settings: RedisSettings) -> None:
            _, stored = await store.stored_feeds(redis)
            known = Origins(
                origins.source, origins.country, feeds_by_site(one.feed for one in stored.values())
            )
            async with ParserPool(workers) as pool:
                settling = _settling(redis, settings, pool, known)
                run = Backfill(
                    redis,
                    settling,
                    Patience(lambda: refusal(redis, settings), bar.waiting),
                    Pace(rate),
                    written.add,
                    bar.moved,
                )
                for one in given:
                    report.append(_told(one, await run.run(one, again=again)))

        try:
            with_redis(work)
        except KeyboardInterrupt:
            fail(PARTLY, "interrupted", "The same command goes on where this one was.")
    _end(report, written, as_json=as_json)


def _input(path: Path, form: Form | None, site: str, byte_cap: int) -> Input:
    known = form or form_of(path)
    if known is None:
        fail(
            USAGE, f"{path}: its name does not tell what it holds", f"Say it with --form: {', '.join(Form)}."
        )
    given = Input(path, known, site, byte_cap)
    try:
        given.identify()
    except OSError as error:
        fail(USAGE, f"{path}: {error.strerror or error}")
    return given


def _settling(redis: Redis, settings: IngestSettings, pool: ParserPool, origins: Origins) -> Settling:
    def clock() -> int:
        return time.time_ns() // 1_000_000

    publisher = ArticlePublisher(lambda: redis, settings, clock)
    discovered = DiscoveredPages(lambda: redis, settings, clock)
    return Settling(publisher, discovered, page_reader(pool), pool, origins, clock)


class _Refusals:
    """A file of what was not taken, made when there is something to write."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.number = 0
        self._file: IO[bytes] | None = None

    def __enter__(self) -> _Refusals:
        folder = self.path.parent
        if not (os.access(self.path, os.W_OK) if self.path.exists() else os.access(folder, os.W_OK)):
            fail(
                USAGE,
                f"cannot write {self.path}",
                "Name another file for what is not taken: --refusals FILE.",
            )
        return self

    def __exit__(self, *_: object) -> None:
        if self._file:
            self._file.close()

    def add(self, given: Input, number: int, item: Item, told: Settled) -> None:
        """One line, on the disk before the progress that counts it is saved."""
        if self._file is None:
            self._file = self.path.open("ab")
        line = {
            "input": str(given.path), "item": number, "name": item.name, "reason": told.word, "detail": told.detail,
        }  # fmt: skip
        self._file.write(orjson.dumps(line) + b"\n")
        self._file.flush()
        self.number += 1


class _Bar:
    """What a person sees while it runs."""

    def __init__(self, shown: Progress) -> None:
        self._shown = shown
        self._tasks: dict[Path, TaskID] = {}
        self._why = ""

    def waiting(self, why: str) -> None:
        """Why nothing moves."""
        if why and why != self._why:
            self._shown.console.print(f"waiting: {printable(why)}", style="dim")
        self._why = why

    def moved(self, given: Input, done: Done) -> None:
        """How far an input is."""
        if given.path not in self._tasks:
            self._tasks[given.path] = self._shown.add_task(
                printable(given.path.name), total=given.size or 1, items=0
            )
        self._shown.update(self._tasks[given.path], completed=given.read, items=done.items)


@contextmanager
def _bar(*, hidden: bool) -> Iterator[_Bar]:
    columns = ("{task.description}", BarColumn(), "{task.percentage:>3.0f}%", "{task.fields[items]:,} items")
    console = Console(stderr=True)
    with Progress(
        *columns,
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=hidden or not console.is_terminal,
    ) as shown:
        yield _Bar(shown)


def _told(given: Input, done: Done) -> dict[str, Any]:
    fine = sum(number for word, number in done.words.items() if word in FINE)
    return {
        "input": str(given.path), "form": given.form.value, "items": done.items, "fine": fine,
        "outcomes": dict(done.words.most_common()),
    }  # fmt: skip


def _end(report: Sequence[dict[str, Any]], refusals: _Refusals, *, as_json: bool) -> None:
    words: Counter[str] = Counter()
    for one in report:
        words.update(one["outcomes"])
    fine = sum(one["fine"] for one in report)
    if as_json:
        print_json({"inputs": report, "refusals": str(refusals.path) if refusals.number else None})
    else:
        for one in report:
            outcomes = ", ".join(f"{number:,} {word}" for word, number in one["outcomes"].items())
            typer.echo(printable(f"{one['input']}: {one['items']:,} items: {outcomes or 'none'}"))
        if refusals.number:
            typer.echo(printable(f"what was not taken stands in {refusals.path}"), err=True)
    if not words:
        fail(PROBLEM, "there is nothing in it")
    raise typer.Exit(0 if fine == words.total() else PARTLY if fine else PROBLEM)

"""`warta fetch`: pages given by their URLs, brought in as if a feed had named them."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import Progress
from rich.text import Text

from warta_ingest.feeds import Feed, FeedEntry
from warta_ingest.feeds.naming import source_code
from warta_ingest.poll.discovered import BY_URL, DiscoveredPages
from warta_ingest.registry.fate import STORED, Fate
from warta_ingest.registry.journey import forget_feed, known_record
from warta_ingest.registry.page_record import PageRecord
from warta_ingest.sameness import BadUrlError, article_id, canonical_url
from warta_ingest.settings import IngestSettings
from warta_shared.cli.failure import PARTLY, PROBLEM, USAGE, fail, read_settings
from warta_shared.cli.output import print_json
from warta_shared.cli.redis_client import with_redis
from warta_shared.cli.terminal import printable
from warta_shared.delivery.client import Redis
from warta_shared.settings import RedisSettings

app = typer.Typer()

LOOK_AGAIN_SECONDS = 0.5


@app.command()
def fetch(
    urls: Annotated[list[str] | None, typer.Argument(metavar="URL...")] = None,
    *,
    file: Annotated[
        Path | None, typer.Option(help="A file of URLs, one a line; `-` for standard input.")
    ] = None,
    source: Annotated[str | None, typer.Option(help="Source code; made from the host if not given.")] = None,
    country: Annotated[str | None, typer.Option(help="As ID: the zone of times without one.")] = None,
    wait: Annotated[float, typer.Option(help="Seconds to wait for the outcome of each page.")] = 0.0,
    as_json: Annotated[bool, typer.Option("--json", help="JSON on standard output.")] = False,
) -> None:
    """Have pages fetched, extracted and published by the ingest service. Each call fetches them anew.

    Exit codes: 0 all are on their way (with --wait: published), 1 none, 2 usage, 3 Redis is unreachable,
    4 some are not.

    Examples:

      warta fetch https://news.example/2025/06/msme-plan --wait 60

      warta fetch --file urls.txt --source KABAR --country ID
    """
    wanted = [*(urls or []), *(_lines(file) if file else [])]
    if not wanted:
        fail(USAGE, "name URLs, or a file of them with --file")
    good, refused = _sorted(wanted)
    settings = read_settings(IngestSettings)

    async def work(redis: Redis, _settings: RedisSettings) -> dict[str, PageRecord | None]:
        started = int(time.time())
        await _publish(redis, settings, good, source, country)
        return await _outcomes(redis, settings, good, started, wait) if wait else {}

    pages = with_redis(work) if good else {}
    report = [_told(url, pages.get(url), waited=bool(wait)) for url in good]
    report += [{"url": url, "outcome": "refused", "reason": problem} for url, problem in refused.items()]
    if as_json:
        print_json(report)
    else:
        _print(report)
    fine = sum(one["outcome"] in {"on-its-way", "done"} for one in report)
    raise typer.Exit(0 if fine == len(report) else PARTLY if fine else PROBLEM)


# `done` means that the message is settled; with these reasons the article is there.
_THERE = STORED | {Fate.CAPPED}


def _lines(file: Path) -> list[str]:
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        fail(USAGE, f"cannot read {file}: {getattr(error, 'strerror', None) or 'it is no text'}")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def _sorted(wanted: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """The URLs in their canonical spelling, each once, and those that are none with the reason."""
    good: dict[str, None] = {}
    refused: dict[str, str] = {}
    for url in wanted:
        try:
            good[canonical_url(url)] = None
        except BadUrlError as error:
            refused[url] = str(error)[:200]
    return list(good), refused


async def _publish(
    redis: Redis, settings: IngestSettings, urls: Sequence[str], source: str | None, country: str | None
) -> None:
    now = time.time_ns() // 1_000_000
    discovered = DiscoveredPages(lambda: redis, settings, lambda: now)
    by_source: dict[str, list[str]] = {}
    for url in urls:
        by_source.setdefault(source or source_code(url), []).append(url)
    for code, group in by_source.items():
        try:
            feed = Feed(id=BY_URL, url=group[0], source=code, country=country)
        except ValidationError as error:
            fail(USAGE, f"{'.'.join(map(str, error.errors()[0]['loc']))}: {error.errors()[0]['msg']}")
        for page in map(article_id, group):  # that it was fetched before is no reason not to fetch it now
            await forget_feed(redis, settings.partitions, page, BY_URL, settings.registry_seconds)
        await discovered.publish(feed, [FeedEntry(link=url, id=None, title="") for url in group])


async def _outcomes(
    redis: Redis, settings: IngestSettings, urls: Sequence[str], started: int, seconds: float
) -> dict[str, PageRecord | None]:
    """What is known of each page once it is settled; None for what is not within `seconds`."""
    found: dict[str, PageRecord | None] = dict.fromkeys(urls)
    until = time.monotonic() + seconds
    with Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("fetching", total=len(urls))
        while time.monotonic() < until and None in found.values():
            for url in [url for url, page in found.items() if page is None]:
                page = (await known_record(redis, settings.partitions, article_id(url))).page
                last = page.fetches[-1] if page and page.fetches else None
                if last and last.at >= started and last.outcome != "retry":
                    found[url] = page
                    progress.advance(bar)
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
    return found


def _told(url: str, page: PageRecord | None, *, waited: bool) -> dict[str, Any]:
    if page is None:
        return {"url": url, "outcome": "waiting" if waited else "on-its-way", "reason": ""}
    last = page.fetches[-1]
    fine = last.outcome == "done" and last.reason in _THERE
    return {
        "url": url,
        "outcome": "done" if fine else "failed",
        "reason": last.reason,
        "detail": page.detail,
        "article": page.article,
    }


def _print(report: Sequence[dict[str, Any]]) -> None:
    console = Console(soft_wrap=True)
    for one in report:
        words = (one["outcome"], one["reason"], one.get("detail"), one.get("article"), one["url"])
        console.print(Text(printable(" ".join(word for word in words if word))))

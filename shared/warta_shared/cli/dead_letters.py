"""`warta dead-letters`: what could not be processed, and why."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table
from rich.text import Text

from warta_shared.cli.failure import PARTLY, PROBLEM, USAGE, fail
from warta_shared.cli.output import print_json
from warta_shared.cli.redis_client import with_redis
from warta_shared.cli.terminal import printable
from warta_shared.delivery import dead_letters
from warta_shared.delivery.client import Redis
from warta_shared.delivery.dead_letters import Filed
from warta_shared.settings import RedisSettings

app = typer.Typer(no_args_is_help=True, help="What could not be processed, and why: list, show, replay.")

Reason = Annotated[str | None, typer.Option(help="Only those with this reason.")]
Group = Annotated[str | None, typer.Option(help="Only those of this hop: fetch, enrich or index.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON on standard output.")]


@app.command("list")
def list_letters(
    *,
    reason: Reason = None,
    group: Group = None,
    limit: Annotated[int, typer.Option(min=1, help="Show the newest so many.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List dead letters, newest last, and count them by hop and reason.

    Exit codes: 0 there are none, 1 there are some, 3 Redis is unreachable.

    Examples:

      warta dead-letters list

      warta dead-letters list --group index --json
    """
    found = _matching(reason, group)
    counts = Counter((_group(filed), _reason(filed)) for filed in found)
    if as_json:
        content = {
            "total": len(found),
            "counts": [{"group": g, "reason": r, "count": n} for (g, r), n in counts.most_common()],
            "letters": [_summary(filed) for filed in found[-limit:]],
        }
        print_json(content)
    else:
        _print(found[-limit:], counts)
    raise typer.Exit(PROBLEM if found else 0)


@app.command()
def show(
    letter_id: Annotated[str, typer.Argument(help="As `list` shows it.")], *, as_json: AsJson = False
) -> None:
    """Show one dead letter with its original entry.

    Examples:

      warta dead-letters show 1764000000000-0
    """

    async def work(redis: Redis, _settings: RedisSettings) -> Filed | None:
        return await dead_letters.find(redis, letter_id)

    filed = with_redis(work)
    if filed is None:
        fail(PROBLEM, f"there is no dead letter {letter_id}", "`warta dead-letters list` shows them.")
    letter = filed.letter
    original = (
        {name: value.decode("utf-8", "replace") for name, value in letter.original.items()} if letter else {}
    )
    content = {**_summary(filed), "original": original}
    if as_json:
        print_json(content)
        return
    console = Console(soft_wrap=True)
    for name, value in content.items():
        if name != "original":
            console.print(Text(f"{name:>12}  {printable(str(value))}"))
    for name, value in original.items():
        console.print(Text(f"{'original.' + name:>22}  {printable(value)[:2_000]}"))


@app.command()
def replay(
    letter_ids: Annotated[list[str] | None, typer.Argument(help="As `list` shows them.")] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="All that match --reason and --group.")] = False,
    reason: Reason = None,
    group: Group = None,
    as_json: AsJson = False,
) -> None:
    """Put dead letters back where they came from, once each; what failed for good will be back soon.

    Exit codes: 0 all were put back, 1 nothing matched, 2 usage, 3 Redis is unreachable, 4 some were not.

    Examples:

      warta dead-letters replay 1764000000000-0

      warta dead-letters replay --all --group index --reason mapping-conflict
    """
    if bool(letter_ids) == every:
        fail(USAGE, "name dead letters, or give --all (with --reason and --group)")
    found = _matching(reason, group) if every else _named(letter_ids or [])
    if not found:
        fail(PROBLEM, "no dead letter matches", "`warta dead-letters list` shows them.")

    async def work(redis: Redis, _settings: RedisSettings) -> list[bool]:
        shown = track(found, "replaying", console=Console(stderr=True), disable=as_json or len(found) < 20)
        return [filed.letter is not None and await dead_letters.replay(redis, filed) for filed in shown]

    replayed = with_redis(work)
    done = sum(replayed)
    if as_json:
        results = [{"id": filed.id, "replayed": ok} for filed, ok in zip(found, replayed, strict=True)]
        typer.echo(orjson.dumps({"replayed": done, "letters": results}).decode())
    else:
        typer.echo(f"{done} of {len(found)} put back")
    raise typer.Exit(0 if done == len(found) else PARTLY)


def _matching(reason: str | None, group: str | None) -> list[Filed]:
    async def work(redis: Redis, settings: RedisSettings) -> list[Filed]:
        return [
            filed
            async for filed in dead_letters.dead_letters(redis, settings.partitions)
            if (reason is None or _reason(filed) == reason) and (group is None or _group(filed) == group)
        ]

    return sorted(with_redis(work), key=lambda filed: tuple(map(int, filed.entry_id.split("-"))))


def _named(letter_ids: list[str]) -> list[Filed]:
    async def work(redis: Redis, _settings: RedisSettings) -> list[Filed | None]:
        return [await dead_letters.find(redis, letter_id) for letter_id in letter_ids]

    found = with_redis(work)
    if missing := [name for name, filed in zip(letter_ids, found, strict=True) if filed is None]:
        fail(
            PROBLEM, f"there is no dead letter {', '.join(missing)}", "`warta dead-letters list` shows them."
        )
    return [filed for filed in found if filed is not None]


def _reason(filed: Filed) -> str:
    return filed.letter.reason if filed.letter else "unreadable"


def _group(filed: Filed) -> str:
    return filed.letter.group if filed.letter else ""


def _summary(filed: Filed) -> dict[str, Any]:
    letter = filed.letter
    if letter is None:
        return {"id": filed.id, "reason": "unreadable"}
    return {
        "id": filed.id,
        "dead_at": datetime.fromtimestamp(letter.dead_at / 1000, UTC).isoformat(timespec="seconds"),
        "group": letter.group,
        "reason": letter.reason,
        "detail": letter.detail,
        "article_id": letter.article_id,
        "stream": letter.stream,
        "entry_id": letter.entry_id,
        "deliveries": letter.deliveries,
        "consumer": letter.consumer,
    }


def _print(found: list[Filed], counts: Counter[tuple[str, str]]) -> None:
    console = Console()
    if not found:
        console.print("no dead letters")
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("id", "when", "hop", "reason", "article", "detail"):
        table.add_column(heading, no_wrap=heading != "detail")
    for filed in found:
        line = _summary(filed)
        cells = (line.get(name, "") for name in ("id", "dead_at", "group", "reason", "article_id", "detail"))
        table.add_row(*(Text(printable(str(cell))[:200]) for cell in cells))
    console.print(table)
    told = ", ".join(f"{number} {hop} {reason}" for (hop, reason), number in counts.most_common())
    console.print(Text(f"{counts.total()} in all: {told}", style="dim"))

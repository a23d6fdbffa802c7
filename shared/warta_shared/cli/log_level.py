"""`warta log-level`: how much running services write into their logs."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from warta_shared.cli.failure import USAGE, fail
from warta_shared.cli.output import print_json, print_table
from warta_shared.cli.redis_client import with_redis
from warta_shared.delivery.client import Redis
from warta_shared.log_level import FOLLOW_SECONDS, level_key
from warta_shared.settings import LEVELS, RedisSettings

app = typer.Typer(add_completion=False)

USUAL = "usual"


class Service(StrEnum):
    """Whose level it is."""

    INGEST = "ingest"
    ENRICH = "enrich"
    INDEX = "index"
    ALL = "all"


@app.command("log-level")
def log_level(
    service: Annotated[
        Service | None, typer.Argument(help="Whose; without one all levels are shown.")
    ] = None,
    level: Annotated[
        str | None, typer.Argument(metavar="[LEVEL]", help=f"{', '.join(LEVELS)} or {USUAL}.")
    ] = None,
    *,
    minutes: Annotated[float, typer.Option("--minutes", min=0.1, max=1_440, help="For so long.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="JSON on standard output.")] = False,
) -> None:
    """Set the log level of running services for a while; every replica follows within seconds.

    DEBUG writes a line for each message and its outcome. Afterwards WARTA_LOG_LEVEL holds again.

    Exit codes: 0 done, 2 usage, 3 Redis is unreachable.

    Examples:

      warta log-level enrich DEBUG --minutes 5

      warta log-level all usual

      warta log-level
    """
    if (service is None) != (level is None):
        fail(USAGE, "give a service and a level, or neither", "warta log-level enrich DEBUG")
    if level is not None and (level := level.upper()) not in (*LEVELS, USUAL.upper()):
        fail(USAGE, f"no such level: {level}", f"There are {', '.join(LEVELS)} and {USUAL}.")
    chosen = [one for one in Service if one is not Service.ALL and service in (None, Service.ALL, one)]

    async def work(redis: Redis, _settings: RedisSettings) -> list[dict[str, str | float | None]]:
        for name in chosen if level else ():
            if level == USUAL.upper():
                await redis.delete(level_key(name))
            else:
                await redis.set(level_key(name), level or "", px=int(minutes * 60_000))
        return [await _shown(redis, name) for name in chosen]

    found = with_redis(work)
    if as_json:
        print_json(found)
        return
    rows = (([str(cell if cell is not None else "-") for cell in row.values()], None) for row in found)
    print_table(("service", "level", "minutes left"), rows)
    if level:
        typer.echo(f"followed within {FOLLOW_SECONDS:.0f} s")


async def _shown(redis: Redis, service: str) -> dict[str, str | float | None]:
    held = await redis.get(level_key(service))
    left = await redis.pttl(level_key(service)) if held else None
    return {
        "service": service,
        "level": held.decode() if held else USUAL,
        "minutes_left": round(left / 60_000, 1) if left else None,
    }

"""`warta keys`: who may push. Made, listed and revoked at run time; the services follow within a second."""

from __future__ import annotations

import re
from typing import Annotated, Any

import orjson
import typer
from pydantic import SecretStr, TypeAdapter, ValidationError

from warta_ingest.cli.keys_listing import made_row, print_rows, rows
from warta_ingest.push import key_store
from warta_ingest.push.key_store import KeyRecord, TooManyKeys
from warta_ingest.push.keys import NAME, PushKey, keys_of_file
from warta_shared.cli.failure import PROBLEM, USAGE, fail, read_settings
from warta_shared.cli.output import print_json
from warta_shared.cli.redis_client import with_redis
from warta_shared.cli.terminal import printable
from warta_shared.delivery.client import Redis
from warta_shared.events.fields import Slug
from warta_shared.settings import RedisSettings, WartaSettings

app = typer.Typer(no_args_is_help=True, help="Keys of the push API: make, list, revoke.")

UNITS = {"m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
LONGEST_DAYS = 3_650

AsJson = Annotated[bool, typer.Option("--json", help="JSON on standard output.")]


class KeysFile(WartaSettings):
    """The keys file, where the command can read it."""

    push_keys: SecretStr = SecretStr("")


@app.command()
def make(
    name: Annotated[str, typer.Argument(help="Who will push with it; several keys may have one name.")],
    *,
    rate: Annotated[int | None, typer.Option(min=1, max=10**9, help="Articles a minute.")] = None,
    source: Annotated[
        list[str] | None, typer.Option(metavar="CODE", help="A source it may push (all without).")
    ] = None,
    expires: Annotated[str | None, typer.Option(metavar="90d", help="When it ends: m, h, d or w.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make a key and show it, once: only its SHA-256 is kept.

    Exit codes: 0 made, 1 there are too many, 2 usage, 3 Redis is unreachable.

    Examples:

      warta keys make newsdesk

      warta keys make kabar --source KABAR --rate 600 --expires 90d --json
    """
    if not re.fullmatch(NAME, name):
        fail(USAGE, "a name is up to 64 letters, digits, dots, dashes and underscores")
    sources = [_code(text) for text in source or ()]
    lifetime = _seconds(expires) if expires else None

    async def work(redis: Redis, _settings: RedisSettings) -> tuple[str, str, KeyRecord]:
        return await key_store.make_key(redis, name, lifetime=lifetime, per_minute=rate, sources=sources)

    try:
        secret, prefix, record = with_redis(work)
    except TooManyKeys as error:
        fail(PROBLEM, str(error), "`warta keys revoke` those that are not needed.")
    if as_json:
        typer.echo(orjson.dumps({"key": secret, **made_row(prefix, record)}).decode())
        return
    typer.echo(secret)
    typer.echo("Keep it now: it is not shown again.", err=True)


@app.command("list")
def list_keys(*, as_json: AsJson = False) -> None:
    """List the keys: who, since when, last use, end, articles a minute, sources.

    Keys of the keys file (origin `file`) are listed where WARTA_PUSH_KEYS_FILE names it, else once they have
    been used. Last use is told to the minute.

    Exit codes: 0 listed, 3 Redis is unreachable.

    Examples:

      warta keys list

      warta keys list --json
    """
    of_file = _of_file()

    async def work(redis: Redis, _settings: RedisSettings) -> list[dict[str, Any]]:
        made, used = await key_store.made_keys(redis), await key_store.last_used(redis)
        return rows(made, (one.holder.id for one in of_file), used)

    found = with_redis(work)
    if as_json:
        print_json(found)
    else:
        print_rows(found)


@app.command()
def revoke(
    name: Annotated[str | None, typer.Argument(help="Every key of this name.")] = None,
    *,
    prefix: Annotated[
        str | None, typer.Option(metavar="warta_...", help="The one key that begins so.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Revoke keys: a second later no service takes them any more.

    Exit codes: 0 revoked, 1 there is no such key, 2 usage, 3 Redis is unreachable.

    Examples:

      warta keys revoke newsdesk

      warta keys revoke --prefix warta_Zx31bQ9k
    """
    if (name is None) == (prefix is None):
        fail(USAGE, "give a name or --prefix, one of the two")
    if prefix is not None and len(prefix) < key_store.SHOWN:
        fail(USAGE, f"a prefix has {key_store.SHOWN} characters, as `warta keys list` shows it")

    async def work(redis: Redis, _settings: RedisSettings) -> list[str]:
        made = await key_store.made_keys(redis)
        if prefix is None:
            found = [shown for shown, record in made.items() if record.name == name]
        else:
            found = [shown for shown in made if shown == prefix[: key_store.SHOWN]]
        await key_store.revoke(redis, found)
        return found

    revoked = with_redis(work)
    if not revoked:
        advice = "`warta keys list` shows them. Keys of origin `file` go with their line in the keys file."
        fail(PROBLEM, "there is no such key", advice)
    if as_json:
        typer.echo(orjson.dumps({"revoked": revoked}).decode())
    else:
        typer.echo(f"revoked {', '.join(revoked)}")


def _of_file() -> list[PushKey]:
    try:
        return keys_of_file(read_settings(KeysFile).push_keys.get_secret_value())
    except ValueError as error:
        fail(USAGE, str(error))


def _seconds(text: str) -> float:
    parts = re.fullmatch(r"(\d{1,6})([mhdw])", text, re.ASCII)
    seconds = int(parts[1]) * UNITS[parts[2]] if parts else 0
    if not 0 < seconds <= LONGEST_DAYS * UNITS["d"]:
        fail(USAGE, f"--expires is a number and m, h, d or w, as 90d, up to {LONGEST_DAYS:,} days")
    return seconds


def _code(text: str) -> str:
    try:
        return TypeAdapter[str](Slug).validate_python(text)
    except ValidationError:
        fail(USAGE, f"{printable(text)!r} is no source code: letters, digits, dots, dashes, colons")

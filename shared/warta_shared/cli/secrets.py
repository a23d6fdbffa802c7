"""`warta secrets`: make the secrets of an installation, one folder for each reader."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import orjson
import typer

from warta_shared.cli.failure import PROBLEM, fail
from warta_shared.secrets import READERS, write_secrets

app = typer.Typer()


@app.command()
def secrets(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Where the readers' folders are.")],
    *,
    rotate: Annotated[bool, typer.Option(help="Make all of them anew; restart the services after.")] = False,
    owner: Annotated[
        list[str] | None,
        typer.Option(metavar="READER=UID", help="Give a reader's folder to a user (root only)."),
    ] = None,
    fsync_ack: Annotated[
        bool,
        typer.Option(
            envvar="WARTA_FSYNC_ACK", help="Let producers wait for Redis's disk (Redis 7.2, Valkey)."
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON on standard output.")] = False,
) -> None:
    """Write the secrets that are missing, at random, readable by their reader only.

    Readers: redis, elasticsearch, setup, ingest, enrich, index, operator, health, exporter, redis-exporter, grafana.
    Run it as often as you like: what exists is kept. The passwords of Elasticsearch and Grafana are never rotated here.

    Exit codes: 0 done, 1 a file could not be written, 2 usage.

    Examples:

      warta secrets /var/lib/warta/secrets

      warta secrets /secrets --owner redis=999 --owner elasticsearch=1000 --rotate
    """
    owners = dict(_owner(text) for text in owner or ())
    try:
        written = write_secrets(directory, rotate=rotate, owners=owners, fsync_ack=fsync_ack)
    except OSError as error:
        fail(PROBLEM, f"{error.filename}: {error.strerror}", "Is the folder writable for this user?")
    names = [str(path.relative_to(directory)) for path in written]
    if as_json:
        typer.echo(orjson.dumps({"written": names}).decode())
    else:
        typer.echo(
            f"{len(names)} secrets written" + (f": {', '.join(names)}" if names else ", all were there")
        )


def _owner(text: str) -> tuple[str, int]:
    reader, equals, uid = text.partition("=")
    if not equals or reader not in READERS or not uid.isdigit():
        raise typer.BadParameter(f"{text!r}: expected READER=UID with a reader of {', '.join(READERS)}")
    return reader, int(uid)

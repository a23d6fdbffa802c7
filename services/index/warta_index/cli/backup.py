"""`warta backup`: Redis and Elasticsearch as they are now, to be restored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from warta_index.backup.making import Backup, Made
from warta_index.backup.manifest import Manifest
from warta_index.backup.repository import Repository
from warta_index.backup.shelf import Shelf
from warta_index.cli.asking import AsJson
from warta_index.cli.backup_and_restore import (
    Folder,
    backup_settings,
    progress,
    refusals_told,
    shelf_of,
    with_servers,
)
from warta_index.connection import Connection
from warta_shared.cli.failure import PARTLY, fail
from warta_shared.cli.output import print_json, print_table
from warta_shared.delivery.client import Redis

app = typer.Typer(add_completion=False)


@app.command("backup")
def backup(
    *,
    folder: Folder = None,
    keep: Annotated[
        int, typer.Option(min=0, help="Remove all but the newest so many, once this one is whole; 0: none.")
    ] = 0,
    only_list: Annotated[bool, typer.Option("--list", help="Show the backups that there are.")] = False,
    as_json: AsJson = False,
) -> None:
    """Back up everything that a restored system needs, while the system runs.

    Of Redis: registry, feeds and their state, push keys (as SHA-256), stories, runs, and what waits in the streams with
    the dead letters. Of Elasticsearch: a snapshot, which takes only what is new. A backup is there once its manifest
    is; what a killed run leaves is removed by the next. It needs an administrator, as `warta setup` does.

    Exit codes: 0 done, 1 refused or no room, 2 usage, 3 Redis or Elasticsearch is unreachable, 4 interrupted, or
    made and no earlier one removed since it has far fewer articles.

    Examples:

      warta backup --keep 7

      warta backup --list

      docker compose run --rm admin warta backup --keep 7
    """
    settings = backup_settings(administrators=not only_list)
    shelf = shelf_of(settings, folder)
    with refusals_told(settings, "There is no new backup; what was begun goes with the next one."):
        if only_list:
            _list(shelf, as_json=as_json)
            return
        with progress(hidden=as_json) as moved:

            async def work(
                redis: Redis, connection: Connection, repository: Repository, partitions: int
            ) -> Made:
                return await Backup(redis, connection, repository, shelf, partitions, moved).make(keep)

            made = with_servers(settings, work)
    _say(made, shelf, as_json=as_json)
    if made.shrunk:
        fail(
            PARTLY,
            "the index holds far fewer articles than an earlier backup: no backup was removed",
            "Was something lost? If not, remove manifest.json of those that may go: the next backup takes the rest.",
        )


def _say(made: Made, shelf: Shelf, *, as_json: bool) -> None:
    manifest = made.manifest
    if as_json:
        print_json(_told(manifest, shelf) | {"removed": list(made.removed)})
        return
    typer.echo(
        f"{manifest.name}: {manifest.articles.documents:,} articles, {manifest.records:,} records of Redis in "
        f"{shelf.folder(manifest.name)}"
    )
    if made.removed:
        typer.echo(f"removed: {', '.join(made.removed)}")


def _list(shelf: Shelf, *, as_json: bool) -> None:
    whole, unfinished, damaged = shelf.whole(), shelf.unfinished(), shelf.damaged()
    if as_json:
        print_json(
            {"backups": [_told(one, shelf) for one in whole], "unfinished": unfinished, "damaged": damaged}
        )
        return
    rows: list[tuple[Sequence[str], str | None]] = [(_cells(one), None) for one in whole]
    rows += [((name, "", "", "", "", "not finished"), "dim") for name in unfinished]
    rows += [((name, "", "", "", "", "damaged"), "bold red") for name in damaged]
    if rows:
        print_table(
            ("backup", "articles", "records", "of Redis", "release", ""),
            sorted(rows, key=lambda row: row[0][0]),
        )
    else:
        typer.echo(f"no backups in {shelf.root}")


def _cells(one: Manifest) -> tuple[str, ...]:
    size = f"{one.bytes / 1e6:,.1f} MB"
    return one.name, f"{one.articles.documents:,}", f"{one.records:,}", size, one.warta, ""


def _told(one: Manifest, shelf: Shelf) -> dict[str, Any]:
    return {
        "name": one.name,
        "folder": str(shelf.folder(one.name)),
        "made_at": one.made_at.isoformat(timespec="seconds"),
        "release": one.warta,
        "articles": one.articles.documents,
        "records": {file.name.partition(".")[0]: file.records for file in one.files},
        "bytes": one.bytes,
    }

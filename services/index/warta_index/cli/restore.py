"""`warta restore`: a backup back into Redis and Elasticsearch."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated

import typer

from warta_index.backup.manifest import Manifest
from warta_index.backup.repository import Repository
from warta_index.backup.restoring import Restore, Restored
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
from warta_shared.cli.output import print_json
from warta_shared.delivery.client import Redis

app = typer.Typer(add_completion=False)

INTERRUPTED = "What is here now is not whole: restore again, with --replace."


@app.command("restore")
def restore(
    name: Annotated[str, typer.Argument(help="As `warta backup --list` shows it, or `latest`.")],
    *,
    folder: Folder = None,
    replace: Annotated[
        bool,
        typer.Option(
            "--replace", help="Remove the articles that are here, and all else that a backup holds."
        ),
    ] = False,
    only_check: Annotated[
        bool, typer.Option("--check", help="Look whether it is whole; change nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Restore a backup: the checksums first, then Redis, then the index with its settings and aliases.

    A system that holds articles is left alone without --replace. Stop ingest, enrich and index before, where you can;
    those that run wait for the index meanwhile and start anew. A restore that did not end is given again, with
    --replace. Afterwards `warta setup` makes templates, roles and keys right, and `warta audit` compares what is here.

    Exit codes: 0 done, 1 refused or damaged, 2 usage, 3 Redis or Elasticsearch is unreachable, 4 interrupted.

    Examples:

      warta restore latest --check

      warta restore 20261130-040000 --replace
    """
    settings = backup_settings()
    shelf = shelf_of(settings, folder)
    with refusals_told(settings, INTERRUPTED), progress(hidden=as_json) as moved:
        manifest = shelf.find(name)

        async def work(
            redis: Redis, connection: Connection, repository: Repository, partitions: int
        ) -> Restored | None:
            restoring = Restore(redis, connection, repository, shelf, partitions, moved)
            await restoring.check(manifest)
            return None if only_check else await restoring.run(manifest, replace=replace)

        restored = with_servers(settings, work)
    if as_json:
        print_json(_told(manifest, restored))
    elif restored is None:
        typer.echo(
            f"{manifest.name} is whole: {manifest.articles.documents:,} articles, {manifest.records:,} records"
        )
    else:
        _say(manifest, restored)


def _say(manifest: Manifest, restored: Restored) -> None:
    if restored.removed:
        typer.echo(f"{restored.removed:,} keys of Redis were removed")
    typer.echo(
        f"{manifest.name} is restored: {restored.documents:,} articles, {restored.records:,} records of Redis"
    )
    here = version("warta-index")
    why = f" (the backup is of release {manifest.warta}, this is {here})" if here != manifest.warta else ""
    typer.echo(f"now run `warta setup`{why}, and `warta audit` for the proof")


def _told(manifest: Manifest, restored: Restored | None) -> dict[str, object]:
    told: dict[str, object] = {"name": manifest.name, "whole": True, "restored": restored is not None}
    if restored:
        told |= {"articles": restored.documents, "records": restored.records, "removed": restored.removed}
    return told

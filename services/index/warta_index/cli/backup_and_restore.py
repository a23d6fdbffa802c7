"""What `warta backup` and `warta restore` share: settings, servers, how far they are, and what ends them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from warta_index.backup.making import Moved
from warta_index.backup.refused import BackupRefused
from warta_index.backup.repository import Repository
from warta_index.backup.shelf import Shelf
from warta_index.connection import Connection, UnreachableError
from warta_index.credentials import administrator
from warta_index.settings import BackupSettings
from warta_index.setup import SetupError
from warta_shared.cli.failure import PARTLY, PROBLEM, UNREACHABLE, USAGE, fail, read_settings
from warta_shared.cli.redis_client import with_redis
from warta_shared.delivery.client import Redis
from warta_shared.settings import RedisSettings

AnswerT = TypeVar("AnswerT")

Folder = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Where the backups are (else WARTA_BACKUP_FOLDER).")
]
# Redis, Elasticsearch, its snapshots, and the number of partitions.
Work = Callable[[Redis, Connection, Repository, int], Awaitable[AnswerT]]


def shelf_of(settings: BackupSettings, folder: Path | None) -> Shelf:
    """The folder that was named; exits with 2 where none was."""
    root = folder or settings.backup_folder
    if root is None:
        fail(USAGE, "no folder for backups", "Name it: --folder DIR, or WARTA_BACKUP_FOLDER.")
    return Shelf(root)


def backup_settings(*, administrators: bool = True) -> BackupSettings:
    """Exits with 2 where they do not hold, or where an administrator is needed and has no password."""
    settings = read_settings(BackupSettings)
    if administrators and settings.elasticsearch_password is None:
        fail(
            USAGE,
            "no password: snapshots take an administrator of Elasticsearch",
            "Set WARTA_ELASTICSEARCH_PASSWORD_FILE; under compose: `docker compose run --rm admin warta ...`.",
        )
    return settings


def with_servers(settings: BackupSettings, work: Work[AnswerT]) -> AnswerT:
    """Run `work` with connections to both."""

    async def connected(redis: Redis, redis_settings: RedisSettings) -> AnswerT:
        async with Connection(settings, administrator(settings)) as connection:
            repository = Repository(connection, settings.snapshot_repository, settings.snapshot_location)
            return await work(redis, connection, repository, redis_settings.partitions)

    return with_redis(connected)


@contextmanager
def refusals_told(settings: BackupSettings, after_interrupt: str) -> Iterator[None]:
    """End the command with what to do where something refuses or does not answer."""
    try:
        yield
    except BackupRefused as error:
        fail(PROBLEM, str(error), error.advice)
    except SetupError as error:
        fail(PROBLEM, str(error), "Is it the password of an administrator, such as `elastic`?")
    except UnreachableError as error:
        fail(
            UNREACHABLE, f"no answer from {settings.elasticsearch_url}: {error}", "Is Elasticsearch running?"
        )
    except KeyboardInterrupt:
        fail(PARTLY, "interrupted", after_interrupt)


@contextmanager
def progress(*, hidden: bool) -> Iterator[Moved]:
    """A bar a step, on a terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description:<10}"), BarColumn(), TextColumn("{task.completed:,.0f}"))
    steps: dict[str, TaskID] = {}
    with Progress(*columns, console=console, disable=hidden or not console.is_terminal) as bar:

        def moved(step: str, done: int, all_of_it: int) -> None:
            if step not in steps:
                steps[step] = bar.add_task(step, total=None)
            bar.update(steps[step], completed=done, total=all_of_it or None)

        yield moved

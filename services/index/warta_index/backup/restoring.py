"""A backup back into Redis and Elasticsearch.

The index goes first and comes last: what services that run find meanwhile waits for it in the streams, so that no
document is written that nobody remembers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from redis.exceptions import OutOfMemoryError

from warta_index import indices
from warta_index.backup.making import Moved
from warta_index.backup.manifest import Manifest
from warta_index.backup.records_file import batches, file_name, verify
from warta_index.backup.refused import BackupRefused
from warta_index.backup.repository import Repository
from warta_index.backup.shelf import Shelf
from warta_index.connection import Connection
from warta_shared.delivery.client import Redis
from warta_shared.keyspace.kept import WRITTEN, Part
from warta_shared.keyspace.removal import holds_articles, remove_all
from warta_shared.keyspace.writing import write


@dataclass(frozen=True, slots=True)
class Restored:
    """`documents` are in the index, `records` were written to Redis, `removed` keys were there before."""

    documents: int
    records: int
    removed: int


@dataclass(frozen=True, slots=True)
class Restore:
    """What it takes; `moved` is told how far it is."""

    redis: Redis
    connection: Connection
    repository: Repository
    shelf: Shelf
    partitions: int
    moved: Moved

    async def check(self, manifest: Manifest) -> None:
        """Whether it can be restored here; raises BackupRefused, SetupError and UnreachableError."""
        for number, file in enumerate(manifest.files, 1):
            self.moved("checking", number, len(manifest.files))
            verify(self.shelf.folder(manifest.name), file)
        if {file.name for file in manifest.files} != {file_name(part) for part in Part}:
            raise BackupRefused(f"the manifest of {manifest.name} does not name all files")
        if manifest.partitions != self.partitions:
            raise BackupRefused(
                f"the backup is of a system with WARTA_PARTITIONS={manifest.partitions}, here it is {self.partitions}",
                "The names of all keys follow from it: set it as it was.",
            )
        await self.repository.ensure()
        await self.repository.require(manifest.articles.snapshot)

    async def run(self, manifest: Manifest, *, replace: bool) -> Restored:
        """Restore what was checked; raises BackupRefused, SetupError, UnreachableError and redis-py's errors."""
        await self._make_room(manifest, replace=replace)
        removed = await remove_all(self.redis) if replace else 0
        records = 0
        for part in WRITTEN:
            records += await self._write(manifest, part)
        kept = manifest.articles
        await self.repository.restore(
            kept.snapshot, kept.indices, lambda done, all_of_it: self.moved("articles", done, all_of_it)
        )
        documents = await indices.documents(self.connection, kept.indices)
        if documents < kept.documents:
            raise BackupRefused(f"{documents:,} articles are in the index, the backup had {kept.documents:,}")
        return Restored(documents, records, removed)

    async def _make_room(self, manifest: Manifest, *, replace: bool) -> None:
        """Remove the indices; refuses where there are articles, unless they are to be replaced."""
        found = await indices.indices_of_articles(self.connection)
        named = await indices.existing(self.connection, manifest.articles.indices)
        there = sorted({*found, *named})
        if not replace:
            await self._require_empty(there)
        await indices.remove(self.connection, there)

    async def _require_empty(self, there: Sequence[str]) -> None:
        """Writing is blocked before it is looked, so that nothing comes in between."""
        await indices.block_writing(self.connection, there, blocked=True)
        found = "not known"
        try:
            found = await self._articles_here(there)
        finally:
            if found:
                await indices.block_writing(self.connection, there, blocked=False)
        if found:
            raise BackupRefused(
                f"there are articles here: {found}",
                "--replace removes them, and all else that a backup holds, and puts the backup in their place.",
            )

    async def _articles_here(self, there: Sequence[str]) -> str:
        """Where there are some, '' where there are none."""
        if number := await indices.documents(self.connection, there):
            return f"{number:,} in the index"
        return "the registry knows some" if await holds_articles(self.redis) else ""

    async def _write(self, manifest: Manifest, part: Part) -> int:
        path = self.shelf.folder(manifest.name) / file_name(part)
        expected = next(file.records for file in manifest.files if file.name == path.name)
        written = 0
        for batch in batches(path):
            try:
                await write(self.redis, batch)
            except OutOfMemoryError as error:
                raise BackupRefused(
                    "Redis has no memory left", "Raise its maxmemory, then restore with --replace."
                ) from error
            written += len(batch)
            self.moved(part, written, expected)
        return written

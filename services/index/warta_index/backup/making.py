"""A backup: Redis in its order, then the snapshot, then the manifest.

An article is in the registry before it is in a stream, and in a stream until it is in the index. Read in that order,
it is found at least in one place behind the one that knows of it: nothing that the backup knows is missing in it.
What was published meanwhile may be in the index and not in the registry, which `warta audit` tells.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version

from warta_index.backup.manifest import KeptArticles, KeptFile, Manifest, write_manifest
from warta_index.backup.records_file import file_name, write_records
from warta_index.backup.refused import BackupRefused, disk_told
from warta_index.backup.repository import Repository
from warta_index.backup.shelf import Shelf
from warta_index.connection import Connection
from warta_index.indices import documents, indices_of_articles
from warta_shared.delivery.client import Redis
from warta_shared.keyspace.kept import Part
from warta_shared.keyspace.reading import records
from warta_shared.keyspace.record import Record
from warta_shared.keyspace.unsettled import unsettled

# Of the articles that an earlier backup has, a new one must have this share for earlier ones to go: after a loss that
# nobody has noticed, every night would take a good backup and leave an empty one.
SHARE_LEAST = 0.5
# A step, how much of it is done, and how much there is (0: not known).
Moved = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Made:
    """`removed`: names of earlier ones. `shrunk`: none was, since this one has far fewer articles."""

    manifest: Manifest
    removed: tuple[str, ...] = ()
    shrunk: bool = False


@dataclass(frozen=True, slots=True)
class Backup:
    """What it takes; `moved` is told how far it is."""

    redis: Redis
    connection: Connection
    repository: Repository
    shelf: Shelf
    partitions: int
    moved: Moved

    async def make(self, keep: int = 0) -> Made:
        """Make one, and remove all but the newest `keep` (0: none). What killed runs left is removed first.

        Raises BackupRefused, SetupError, UnreachableError and redis-py's errors; what was begun goes with the next.
        """
        with self.shelf.locked(), disk_told(self.shelf.root):
            await self.repository.ensure()
            for name in self.shelf.unfinished():
                await self._remove(name)
            manifest = await self._make(self.shelf.begin())
            earlier = self.shelf.whole()[:-1]
            most = max((one.articles.documents for one in earlier), default=0)
            if keep and manifest.articles.documents < most * SHARE_LEAST:
                return Made(manifest, shrunk=True)
            old = earlier[: len(earlier) + 1 - keep] if 0 < keep <= len(earlier) else []
            for one in old:
                await self._remove(one.name)
            return Made(manifest, tuple(one.name for one in old))

    async def _make(self, name: str) -> Manifest:
        files = tuple([await self._read(name, part) for part in Part])
        manifest = Manifest(
            name=name,
            made_at=datetime.now(UTC),
            warta=version("warta-index"),
            partitions=self.partitions,
            files=files,
            articles=await self._snapshot(name),
        )
        write_manifest(self.shelf.folder(name), manifest)
        return manifest

    async def _read(self, name: str, part: Part) -> KeptFile:
        path = self.shelf.folder(name) / file_name(part)
        return await write_records(path, self._records(part), lambda number: self.moved(part, number, 0))

    def _records(self, part: Part) -> AsyncIterator[Record]:
        if part is Part.STREAMS:
            return unsettled(self.redis, self.partitions)
        return records(self.redis, part)

    async def _snapshot(self, name: str) -> KeptArticles:
        indices = await indices_of_articles(self.connection)
        if not indices:
            raise BackupRefused("there is no index of articles", "`warta setup` makes it.")
        number = await documents(self.connection, indices)
        await self.repository.snapshot(
            name, indices, lambda done, all_of_it: self.moved("articles", done, all_of_it)
        )
        return KeptArticles(
            repository=self.repository.name, snapshot=name, indices=tuple(indices), documents=number
        )

    async def _remove(self, name: str) -> None:
        """A part that cannot be removed now is removed before the next backup is made."""
        self.shelf.disown(name)
        await self.repository.remove(name)
        self.shelf.remove(name)

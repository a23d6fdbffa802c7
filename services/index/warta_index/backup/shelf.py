"""The folder of backups: one folder each, named by its time."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from warta_index.backup.manifest import FILE_NAME, Manifest, read_manifest
from warta_index.backup.refused import BackupRefused, disk_told

PRIVATE_FOLDER = 0o700
LATEST = "latest"
_NAME = re.compile(r"\d{8}-\d{6}")


@dataclass(frozen=True, slots=True)
class Shelf:
    """`root` holds the backups, and a lock for who writes there."""

    root: Path

    def names(self) -> list[str]:
        """Of all backups, oldest first, finished or not; raises BackupRefused."""
        try:
            return sorted(path.name for path in self.root.iterdir() if _NAME.fullmatch(path.name))
        except OSError as error:
            raise BackupRefused(
                f"{self.root}: {error.strerror}", "Is it the folder of the backups?"
            ) from error

    def whole(self) -> list[Manifest]:
        """Those that are finished and have a readable manifest, oldest first; raises BackupRefused."""
        found = (self._manifest(name) for name in self.names())
        return [manifest for manifest in found if manifest]

    def damaged(self) -> list[str]:
        """Those whose manifest cannot be read."""
        readable = {manifest.name for manifest in self.whole()}
        return [name for name in self.names() if name not in {*readable, *self.unfinished()}]

    def unfinished(self) -> list[str]:
        """What killed runs left."""
        return [name for name in self.names() if not (self.folder(name) / FILE_NAME).exists()]

    def find(self, name: str) -> Manifest:
        """The backup of that name, or the latest; raises BackupRefused."""
        names = [one for one in self.names() if one not in self.unfinished()]
        chosen = names[-1] if name == LATEST and names else name
        if chosen in names and (manifest := read_manifest(self.folder(chosen))):
            return manifest
        if chosen in self.names():
            raise BackupRefused(
                f"the backup {chosen} was not finished", "`warta backup --list` shows what is."
            )
        raise BackupRefused(f"there is no backup {name} in {self.root}", "`warta backup --list` shows them.")

    def folder(self, name: str) -> Path:
        """Where its files are."""
        return self.root / name

    def begin(self) -> str:
        """The name of a new backup, whose folder was made; a second has one."""
        while True:
            name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}"
            try:
                self.folder(name).mkdir(mode=PRIVATE_FOLDER)
                return name
            except FileExistsError:
                time.sleep(0.1)

    def disown(self, name: str) -> None:
        """Without its manifest it is no backup any more, whatever becomes of the rest."""
        (self.folder(name) / FILE_NAME).unlink(missing_ok=True)

    def remove(self, name: str) -> None:
        """The files of one that is none any more."""
        shutil.rmtree(self.folder(name))

    def _manifest(self, name: str) -> Manifest | None:
        try:
            return read_manifest(self.folder(name))
        except BackupRefused:
            return None

    @contextmanager
    def locked(self) -> Iterator[None]:
        """While one writes here no other does; raises BackupRefused, also where nobody may."""
        with disk_told(self.root):
            self.root.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
            descriptor = os.open(self.root / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError as error:
            raise BackupRefused(f"another backup is being made in {self.root}") from error
        finally:
            os.close(descriptor)

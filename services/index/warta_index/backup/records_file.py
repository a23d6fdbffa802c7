"""Records of Redis in a file: gzip (RFC 1952), a line each, with a checksum of the whole."""

from __future__ import annotations

import gzip
import hashlib
import os
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

from warta_index.backup.manifest import KeptFile
from warta_index.backup.refused import BackupRefused
from warta_shared.keyspace.kept import Part
from warta_shared.keyspace.record import Record, UnreadableRecord

LEVEL = 6
EVERY = 1_000
# Of one batch that is written back: so many records, or so many bytes of their lines.
AT_ONCE, BYTES_AT_ONCE = 500, 4_000_000
PRIVATE_FILE = 0o600
ANOTHER = "Take another backup: `warta backup --list` shows them."


def file_name(part: Part) -> str:
    """Of the records of a part."""
    return f"{part}.jsonl.gz"


async def write_records(path: Path, records: AsyncIterator[Record], moved: Callable[[int], None]) -> KeptFile:
    """All of them, on the disk; `moved` is told how many are."""
    number = 0
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    with os.fdopen(descriptor, "wb") as file:
        with gzip.GzipFile("", "wb", LEVEL, file, mtime=0) as packed:
            async for record in records:
                packed.write(record.line())
                number += 1
                if number % EVERY == 0:
                    moved(number)
        file.flush()
        os.fsync(file.fileno())
    moved(number)
    return _fact(path, number)


def verify(folder: Path, file: KeptFile) -> None:
    """Raises BackupRefused where the file is not as it was written."""
    path = folder / file.name
    try:
        found = _digest(path)
    except OSError as error:
        raise BackupRefused(f"{path}: {error.strerror}", ANOTHER) from error
    if found != file.sha256:
        raise BackupRefused(f"{path} is damaged: its checksum is not the manifest's", ANOTHER)


def batches(path: Path) -> Iterator[list[Record]]:
    """The records, some at a time; raises BackupRefused at what is none."""
    batch: list[Record] = []
    size = 0
    try:
        with gzip.open(path) as lines:
            for line in lines:
                batch.append(Record.read(line))
                size += len(line)
                if len(batch) == AT_ONCE or size >= BYTES_AT_ONCE:
                    yield batch
                    batch, size = [], 0
    except (OSError, EOFError, zlib.error, UnreadableRecord) as error:
        raise BackupRefused(f"{path} is damaged: {error}", ANOTHER) from error
    if batch:
        yield batch


def _fact(path: Path, number: int) -> KeptFile:
    return KeptFile(name=path.name, sha256=_digest(path), bytes=path.stat().st_size, records=number)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

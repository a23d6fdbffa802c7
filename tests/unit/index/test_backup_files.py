"""Backups as files: there once the manifest is, checked before they are used, one writer at a time."""

from __future__ import annotations

import errno
import gzip
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from warta_index.backup.manifest import KeptArticles, KeptFile, Manifest, read_manifest, write_manifest
from warta_index.backup.records_file import AT_ONCE, batches, verify, write_records
from warta_index.backup.refused import BackupRefused, disk_told
from warta_index.backup.shelf import Shelf
from warta_shared.keyspace.record import Kind, Record

NAME = "20261130-040000"


def manifest(name: str = NAME, files: tuple[KeptFile, ...] = (), **given: Any) -> Manifest:
    articles = KeptArticles(repository="warta", snapshot=name, indices=("articles-v1",), documents=5)
    fields: dict[str, Any] = {
        "name": name,
        "made_at": datetime(2026, 11, 30, 4, tzinfo=UTC),
        "warta": "0.1.0",
        "partitions": 0,
        "files": files,
        "articles": articles,
    }
    return Manifest(**fields | given)


def shelf_with(root: Path, *names: str) -> Shelf:
    for name in names:
        (root / name).mkdir(parents=True)
        write_manifest(root / name, manifest(name))
    return Shelf(root)


async def some(number: int) -> AsyncIterator[Record]:
    for one in range(number):
        yield Record(f"feed:{one}", Kind.HASH, (b"a", bytes([one % 256])))


async def test_records_come_back_from_their_file(tmp_path: Path) -> None:
    told: list[int] = []
    number = 2 * AT_ONCE + 1
    fact = await write_records(tmp_path / "state.jsonl.gz", some(number), told.append)
    assert (fact.name, fact.records, fact.bytes) == (
        "state.jsonl.gz",
        number,
        (tmp_path / "state.jsonl.gz").stat().st_size,
    )
    assert told[-1] == number
    assert (tmp_path / "state.jsonl.gz").stat().st_mode & 0o777 == 0o600
    read = list(batches(tmp_path / "state.jsonl.gz"))
    assert [len(batch) for batch in read] == [AT_ONCE, AT_ONCE, 1]
    assert [one for batch in read for one in batch] == [one async for one in some(number)]
    verify(tmp_path, fact)


async def test_a_file_that_is_not_as_it_was_is_told(tmp_path: Path) -> None:
    path = tmp_path / "state.jsonl.gz"
    fact = await write_records(path, some(3), lambda _number: None)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(BackupRefused, match="damaged: its checksum"):
        verify(tmp_path, fact)
    with pytest.raises(BackupRefused, match="damaged"):
        list(batches(path))
    path.write_bytes(gzip.compress(b'{"key": 1}\n'))
    with pytest.raises(BackupRefused, match="damaged"):
        list(batches(path))
    path.unlink()
    with pytest.raises(BackupRefused, match="No such file"):
        verify(tmp_path, fact)


def test_a_manifest_comes_back(tmp_path: Path) -> None:
    file = KeptFile(name="state.jsonl.gz", sha256="0" * 64, bytes=7, records=3)
    written = manifest(files=(file, file))
    write_manifest(tmp_path, written)
    assert read_manifest(tmp_path) == written
    assert (written.bytes, written.records) == (14, 6)
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.json"]


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"files": [{"name": "../../etc/passwd", "sha256": "", "bytes": 1, "records": 1}]},
        {"name": None},
    ],
)
def test_a_manifest_that_cannot_be_read_is_told(tmp_path: Path, change: dict[str, Any]) -> None:
    content = json.loads(manifest().model_dump_json()) | change
    (tmp_path / "manifest.json").write_text(json.dumps(content))
    with pytest.raises(BackupRefused, match="cannot be read"):
        read_manifest(tmp_path)


def test_what_has_no_manifest_is_no_backup(tmp_path: Path) -> None:
    shelf = shelf_with(tmp_path, "20261130-040000", "20261129-040000")
    (tmp_path / "20261201-040000").mkdir()
    (tmp_path / "lost+found").mkdir()
    assert shelf.names() == ["20261129-040000", "20261130-040000", "20261201-040000"]
    assert [one.name for one in shelf.whole()] == ["20261129-040000", "20261130-040000"]
    assert shelf.unfinished() == ["20261201-040000"]
    assert shelf.find("latest").name == "20261130-040000"
    with pytest.raises(BackupRefused, match="was not finished"):
        shelf.find("20261201-040000")
    (tmp_path / "20261129-040000" / "manifest.json").write_text("{")
    assert ([one.name for one in shelf.whole()], shelf.damaged()) == (
        ["20261130-040000"],
        ["20261129-040000"],
    )
    with pytest.raises(BackupRefused, match="cannot be read"):
        shelf.find("20261129-040000")
    write_manifest(tmp_path / "20261129-040000", manifest("20261129-040000"))
    shelf.disown("20261130-040000")
    assert shelf.find("latest").name == "20261129-040000"
    shelf.remove("20261130-040000")
    assert shelf.names() == ["20261129-040000", "20261201-040000"]


@pytest.mark.parametrize("name", ["latest", "20000101-000000", "..", ""])
def test_a_backup_that_is_not_there_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(BackupRefused, match="there is no backup"):
        Shelf(tmp_path).find(name)


def test_one_writes_at_a_time(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "backups")
    with shelf.locked():
        assert shelf.folder(shelf.begin()).stat().st_mode & 0o777 == 0o700
        with pytest.raises(BackupRefused, match="another backup is being made"), shelf.locked():
            pass
    with shelf.locked():
        assert len({shelf.begin(), shelf.begin()}) == 2


def test_a_full_disk_is_told_and_a_lost_connection_is_none(tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match=f"{tmp_path}: No space left"), disk_told(tmp_path):
        raise OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(ConnectionResetError), disk_told(tmp_path):
        raise ConnectionResetError(errno.ECONNRESET, "reset")


def test_a_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    shelf = Shelf(tmp_path / "file")
    with pytest.raises(BackupRefused, match="file"):
        shelf.names()
    with pytest.raises(BackupRefused), shelf.locked():
        pass

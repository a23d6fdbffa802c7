"""What a backup consists of. It is written last: without it there is no backup."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from warta_index.backup.refused import BackupRefused

FILE_NAME = "manifest.json"


class _Fact(BaseModel):
    model_config = ConfigDict(frozen=True)


class KeptFile(_Fact):
    """A file beside the manifest."""

    name: str = Field(pattern=r"^[a-z]+\.jsonl\.gz$")
    sha256: str
    bytes: int
    records: int


class KeptArticles(_Fact):
    """The snapshot in Elasticsearch. `documents`: how many there were at the least."""

    repository: str
    snapshot: str
    indices: tuple[str, ...]
    documents: int


class Manifest(_Fact):
    """`format` changes when an older release could no longer read it; `warta` is the release that wrote it."""

    format: Literal[1] = 1
    name: str
    made_at: datetime
    warta: str
    partitions: int
    files: tuple[KeptFile, ...]
    articles: KeptArticles

    @property
    def bytes(self) -> int:
        """Of the files together."""
        return sum(file.bytes for file in self.files)

    @property
    def records(self) -> int:
        """Of the files together."""
        return sum(file.records for file in self.files)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """At once and for good: it is there whole, or not at all."""
    fresh = folder / f".{FILE_NAME}.new"
    with fresh.open("w", encoding="utf-8") as file:
        file.write(manifest.model_dump_json(indent=2) + "\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(folder / FILE_NAME)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_manifest(folder: Path) -> Manifest | None:
    """None where the backup was not finished; raises BackupRefused where it cannot be read."""
    path = folder / FILE_NAME
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise BackupRefused(f"{path}: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise BackupRefused(
            f"{path} cannot be read ({'.'.join(map(str, first['loc']))}: {first['msg']})",
            "It is damaged, or of a newer release.",
        ) from error

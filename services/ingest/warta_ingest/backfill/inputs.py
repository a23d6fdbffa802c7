"""An input of a backfill: its form, its items, how far it is read, and what makes it the same when it comes again."""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, cast

from warta_ingest.backfill.folder import page_files, saved_pages
from warta_ingest.backfill.item import Damaged, Item
from warta_ingest.backfill.lines import json_lines, url_lines
from warta_ingest.backfill.table import rows
from warta_ingest.backfill.warc import pages

_ENDS_READ = 65_536
_GZIP = b"\x1f\x8b"


class Form(StrEnum):
    """What an input holds."""

    JSONL = "jsonl"
    CSV = "csv"
    URLS = "urls"
    WARC = "warc"
    HTML = "html"


_FORMS = {
    "jsonl": Form.JSONL, "ndjson": Form.JSONL, "csv": Form.CSV, "tsv": Form.CSV, "urls": Form.URLS,
    "txt": Form.URLS, "warc": Form.WARC,
}  # fmt: skip


def form_of(path: Path) -> Form | None:
    """The form by the name: a folder holds pages; None where the name does not tell."""
    if path.is_dir():
        return Form.HTML
    endings = [ending.lstrip(".") for ending in path.name.lower().removesuffix(".open").split(".")]
    last = endings[-2] if len(endings) > 1 and endings[-1] == "gz" else endings[-1]
    return _FORMS.get(last)


@dataclass(slots=True)
class Input:
    """`site` is for folders of pages. `read` and `size` are in bytes, for folders in files."""

    path: Path
    form: Form
    site: str
    byte_cap: int
    identity: str = ""
    size: int = 0
    _raw: IO[bytes] | None = None
    _files: Sequence[Path] = ()
    _done: int = 0

    def identify(self) -> None:
        """Give it its identity, which stays the same as long as the input does, under whatever name.

        Raises OSError.
        """
        told = hashlib.sha256(self.form.encode())
        if self.form is Form.HTML:
            self._files = page_files(self.path)
            self.size = len(self._files)
            told.update("\n".join(path.relative_to(self.path).as_posix() for path in self._files).encode())
        else:
            with self.path.open("rb") as file:
                self.size = file.seek(0, io.SEEK_END)
                told.update(str(self.size).encode())
                for start in (0, max(0, self.size - _ENDS_READ)):
                    file.seek(start)
                    told.update(file.read(_ENDS_READ))
        self.identity = told.hexdigest()[:32]

    @property
    def read(self) -> int:
        """How much of `size` was read."""
        return self._done if self._raw is None else self._raw.tell()

    def items(self) -> Generator[Item, None, None]:
        """The items in order; raises Damaged where the rest cannot be read."""
        if self.form is Form.HTML:
            for item in saved_pages(self.path, self._files, self.site, self.byte_cap):
                self._done += 1
                yield item
            return
        try:
            with self.path.open("rb") as self._raw:
                yield from self._of(self._raw)
        except (EOFError, OSError, zlib.error) as error:
            raise Damaged(str(error)) from error
        finally:
            self._done, self._raw = self.size, None

    def _of(self, raw: IO[bytes]) -> Iterator[Item]:
        if self.form is Form.WARC:
            yield from pages(raw, self.byte_cap)
            return
        packed = raw.read(2) == _GZIP
        raw.seek(0)
        with closing(gzip.GzipFile(fileobj=raw) if packed else raw) as file:
            readers = {Form.JSONL: json_lines, Form.CSV: rows, Form.URLS: url_lines}
            yield from readers[self.form](cast("IO[bytes]", file))

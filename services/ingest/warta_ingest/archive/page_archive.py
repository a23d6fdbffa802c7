"""An archive of fetched pages in files of bounded size, one gzip member a record (WARC 1.1, ISO 28500, annex D)."""

from __future__ import annotations

import asyncio
import io
import logging
import os
import re
import socket
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from fastwarc.stream_io import GzipWriter
from fastwarc.warc import WarcRecord, WarcRecordType

from warta_ingest.archive.names import COUNTRY, FEED, OPEN, SOURCE
from warta_ingest.fetcher import Fetched
from warta_shared.events.article import Source
from warta_shared.telemetry import metrics

log = logging.getLogger(__name__)

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_LEVEL = 6


@dataclass(slots=True)
class PageArchive:
    """An async context manager. Writes to `folder` (None: keeps nothing), a new file each `file_bytes`.

    News goes on where it cannot write; `warta_pages_archived_total{result="failed"}` counts that.
    """

    folder: Path | None
    file_bytes: int
    _file: IO[bytes] | None = None
    _count: int = 0
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def keep(self, fetched: Fetched, source: Source) -> None:
        """Add a page as it was fetched, before anything is made of it."""
        if self.folder is None:
            return
        record = await asyncio.to_thread(warc_record, fetched, source)
        async with self._lock:
            try:
                await asyncio.to_thread(self._add, self.folder, record)
                metrics.ARCHIVED.labels("written").inc()
            except OSError as error:
                metrics.ARCHIVED.labels("failed").inc()
                log.warning("page-not-archived", extra={"error": f"{error}"[:300]})
                self._file = None

    async def __aenter__(self) -> Self:
        for result in ("written", "failed"):
            metrics.ARCHIVED.labels(result)  # 0 from the start, so that the first is seen as an increase
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the last file its name."""
        async with self._lock:
            await asyncio.to_thread(self._end)

    def _add(self, folder: Path, record: bytes) -> None:
        if self._file and self._file.tell() + len(record) > self.file_bytes:
            self._end()
        if self._file is None:
            self._file = self._begin(folder)
        self._file.write(record)
        self._file.flush()

    def _begin(self, folder: Path) -> IO[bytes]:
        folder.mkdir(parents=True, exist_ok=True)
        self._count += 1
        now = datetime.now(UTC)
        name = f"warta-{now:%Y%m%dT%H%M%S}-{socket.gethostname()}-{os.getpid()}-{self._count:05}.warc.gz"
        return (folder / f"{name}{OPEN}").open("xb")

    def _end(self) -> None:
        if self._file is None:
            return
        file, self._file = self._file, None
        with file:
            file.flush()
            os.fsync(file.fileno())
        path = Path(file.name)
        path.rename(path.with_name(path.name.removesuffix(OPEN)))


def warc_record(fetched: Fetched, source: Source) -> bytes:
    """A page as a compressed response record; its body is the decoded one, under headers that say so."""
    record = WarcRecord()
    record.init_headers(record_type=WarcRecordType.response)
    record.headers["WARC-Target-URI"] = fetched.final_url
    record.headers["Content-Type"] = "application/http; msgtype=response"
    record.headers[SOURCE] = source.id
    if source.feed:
        record.headers[FEED] = source.feed
    if source.country:
        record.headers[COUNTRY] = source.country
    kept = ("content-type", "content-language", "date", "last-modified", "etag")
    head = [f"HTTP/1.1 {fetched.status} OK"]
    head += [
        f"{name}: {_CONTROLS.sub(' ', fetched.headers[name])}" for name in kept if name in fetched.headers
    ]
    record.set_bytes_content("\r\n".join([*head, "", ""]).encode("latin-1", "replace") + fetched.body)
    packed = io.BytesIO()
    with GzipWriter(packed, compression_level=_LEVEL) as writer:
        record.write(writer, checksum_data=True)
    return packed.getvalue()

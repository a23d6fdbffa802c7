"""Pages in a web archive (WARC 1.0 and 1.1, ISO 28500; plain or gzip), read record by record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from warta_ingest.archive.names import COUNTRY, FEED, SOURCE
from warta_ingest.backfill.item import Copy, Damaged, Item, Refused
from warta_ingest.fetcher import FetchError
from warta_ingest.fetcher.decoding import decoded

_PAGE_TYPES = ("", "text/html", "application/xhtml+xml", "text/plain")
_NAME_MAX = 2_000


def pages(file: IO[bytes], byte_cap: int) -> Iterator[Item]:
    """Every response record; requests and metadata are none. Raises Damaged where the rest cannot be read."""
    records = ArchiveIterator(
        file, record_types=WarcRecordType.response, parse_http=True, auto_decode="transfer"
    )
    number = 0
    while True:
        try:
            record = next(records, None)
        except Exception as error:  # whatever a damaged archive makes the reader say
            raise Damaged(f"after record {number}: {error}"[:300]) from error
        if record is None:
            return
        number += 1
        url = (record.headers.get("WARC-Target-URI") or "").strip("<>")
        yield Item(url[:_NAME_MAX] or f"record {number}", _content(record, url, byte_cap))


def _content(record: WarcRecord, url: str, byte_cap: int) -> Copy | Refused:
    http = record.http_headers
    if not record.is_http_parsed or http is None or http.status_code is None:
        return Refused("not-http", "a response without an HTTP head")
    if not 200 <= http.status_code < 300:
        return Refused(f"http-{http.status_code}")
    content_type = http.get("Content-Type") or ""
    if content_type.partition(";")[0].strip().lower() not in _PAGE_TYPES:
        return Refused("unsupported-type", content_type[:80])
    try:
        raw = record.reader.read(byte_cap + 1)
        body = decoded(raw, http.get("Content-Encoding") or "", byte_cap)
    except FetchError as error:
        return Refused(error.reason, error.detail)
    except OSError as error:
        return Refused("bad-encoding", str(error)[:200])
    own = {name: record.headers.get(name) or "" for name in (SOURCE, FEED, COUNTRY)}
    return Copy(url, body, content_type or None, own[SOURCE], own[FEED], own[COUNTRY])

"""A request body into items: one article, a list, or one a line (NDJSON)."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator
from typing import Any

import orjson
from starlette.requests import ClientDisconnect

from warta_ingest.push.budget import Share
from warta_ingest.push.problem import Problem

JSON = "application/json"
NDJSON = frozenset({"application/x-ndjson", "application/ndjson", "application/jsonl"})


async def read_body(
    chunks: AsyncIterator[bytes], encoding: str, cap: int, deadline: float, share: Share
) -> bytes:
    """The whole body, unpacked; what it fills is taken from `share`.

    Raises Problem 408 after `deadline` seconds, 413 beyond `cap` bytes (packed or unpacked), 415 for encodings
    other than gzip, 400 for broken gzip and for a body that breaks off, 503 when `share` has no more.
    """
    if encoding not in {"", "identity", "gzip"}:
        raise Problem(415, f"Content-Encoding {encoding[:40]!a} is not supported; send it plain or as gzip.")
    try:
        async with asyncio.timeout(deadline):
            packed = await _collect(chunks, cap, share)
    except TimeoutError:
        raise Problem(408, f"The body did not arrive within {deadline:g} seconds.") from None
    except ClientDisconnect:
        raise Problem(400, "The body broke off.") from None
    if encoding != "gzip":
        return packed
    body = await asyncio.to_thread(unpacked, packed, cap)
    share.take(len(body))
    return body


async def _collect(chunks: AsyncIterator[bytes], cap: int, share: Share) -> bytes:
    collected = bytearray()
    async for chunk in chunks:
        if len(collected) + len(chunk) > cap:
            raise Problem(413, f"At most {cap:,} bytes a request; send several.")
        share.take(len(chunk))
        collected += chunk
    return bytes(collected)


def unpacked(packed: bytes, cap: int) -> bytes:
    """What gzip (RFC 1952, one member) holds; raises Problem 400 or 413, whatever it would unpack to."""
    unpack = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        body = unpack.decompress(packed, cap + 1)
    except zlib.error as error:
        raise Problem(400, f"The body is not gzip: {error}.") from error
    if len(body) > cap:
        raise Problem(413, f"At most {cap:,} bytes a request, unpacked; send several.")
    if not unpack.eof or unpack.unused_data:
        raise Problem(400, "The gzip body is cut off, or has something behind its end.")
    return body


def items(body: bytes, content_type: str, most: int) -> list[Any]:
    """The items of a body, unvalidated; one that is no JSON stays as its ValueError (NDJSON only).

    Raises Problem 400, 413 or 415.
    """
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type in NDJSON:
        found = _lines(body, most)
    elif media_type == JSON:
        found = _json(body)
    else:
        raise Problem(415, f"Content-Type must be {JSON} or application/x-ndjson.")
    if not found:
        raise Problem(400, "The request holds no article.")
    if len(found) > most:
        raise Problem(413, f"At most {most:,} articles a request; send several.")
    return found


def _json(body: bytes) -> list[Any]:
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Problem(400, f"The body is not JSON: {error}.") from error
    return value if isinstance(value, list) else [value]


def _lines(body: bytes, most: int) -> list[Any]:
    # Empty lines count too: splitting sixteen million of them would take a second and 128 MB.
    if body.count(b"\n") > 2 * most:
        raise Problem(413, f"At most {most:,} articles a request; send several.")
    return [json_line(line) for line in body.split(b"\n") if line.strip()]


def json_line(line: bytes) -> Any:
    """What a line holds; its ValueError where that is no JSON."""
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return error

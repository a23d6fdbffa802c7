"""The lines of a body while it arrives: any number of them, in the memory of one."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncGenerator, AsyncIterator

from warta_ingest.push.budget import Share
from warta_ingest.push.problem import Problem

PIECE = 65_536


async def line_batches(
    chunks: AsyncIterator[bytes], encoding: str, cap: int, deadline: float, share: Share
) -> AsyncGenerator[list[bytes]]:
    """Complete lines that are not blank, as many as have come.

    Raises Problem 408 when none is complete within `deadline` seconds, 413 for a line (or blank lines) of more than
    `cap` bytes, 415 for encodings other than gzip, 400 for broken gzip, 503 when `share` has no more.
    """
    pieces = _pieces(chunks, encoding)
    begun, since = bytearray(), 0
    due = _now() + deadline
    while (piece := await _in_time(pieces, due)) is not None:
        since += len(piece)
        share.hold(len(begun) + len(piece))
        begun += piece
        if lines := _cut(begun) if b"\n" in piece else []:
            yield lines
            since, due = 0, _now() + deadline
        if since > cap:
            raise Problem(413, f"At most {cap:,} bytes a line.")
        await asyncio.sleep(0)  # a gzip bomb yields pieces without ever waiting for the client
    if begun.strip():
        yield [bytes(begun)]


def _cut(begun: bytearray) -> list[bytes]:
    """Take the complete lines off, leave what has only begun."""
    end = begun.rindex(b"\n")
    lines = [bytes(line) for line in begun[:end].split(b"\n") if line.strip()]
    del begun[: end + 1]
    return lines


async def _in_time(pieces: AsyncIterator[bytes], due: float) -> bytes | None:
    try:
        async with asyncio.timeout_at(due):
            return await anext(pieces, None)
    except TimeoutError:
        raise Problem(408, "No line was complete in time; send lines, or end the request.") from None


def _pieces(chunks: AsyncIterator[bytes], encoding: str) -> AsyncIterator[bytes]:
    match encoding.strip().lower():
        case "" | "identity":
            return chunks
        case "gzip":
            return _unpacked(chunks)
    raise Problem(415, f"Content-Encoding {encoding[:40]!a} is not supported; send it plain or as gzip.")


async def _unpacked(chunks: AsyncIterator[bytes]) -> AsyncGenerator[bytes]:
    """What gzip (RFC 1952, one member) holds, in pieces of at most PIECE bytes."""
    unpack = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    async for chunk in chunks:
        packed, piece = chunk, b""
        while packed or len(piece) == PIECE:
            try:
                piece = unpack.decompress(packed, PIECE)
            except zlib.error as error:
                raise Problem(400, f"The body is not gzip: {error}.") from error
            packed = unpack.unconsumed_tail
            yield piece
        if unpack.unused_data:
            raise Problem(400, "The gzip body has something behind its end.")
    if not unpack.eof:
        raise Problem(400, "The gzip body is cut off.")


def _now() -> float:
    return asyncio.get_running_loop().time()

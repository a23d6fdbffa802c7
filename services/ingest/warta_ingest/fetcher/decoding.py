"""The body of an answer, decoded within bounds: a few KB of gzip can hold gigabytes."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator

from warta_ingest.fetcher.errors import FetchError

_GZIP_MAGIC = b"\x1f\x8b"
_GZIP_WINDOW = 31  # the largest window, with a gzip header (zlib's manual, inflateInit2)
# Sent for plain bodies by servers that take the header for a charset.
_PLAIN = frozenset({"", "identity", "none", "utf-8", "utf8", "iso-8859-1", "binary", "8bit"})
_GZIP = frozenset({"gzip", "x-gzip"})


async def read_body(raw: AsyncIterator[bytes], content_encoding: str, cap: int) -> bytes:
    """The decoded body, at most `cap` bytes; raises FetchError (too-large, unsupported-encoding, bad-encoding).

    gzip is known by its first bytes: some servers announce it and send plain text, others the reverse.
    """
    check_encoding(content_encoding)
    body = _Body(cap)
    async for chunk in raw:
        body.add(chunk)
    return body.finish()


def check_encoding(content_encoding: str) -> None:
    """Raise FetchError unless an answer with this header can be read."""
    codings = [coding.strip().lower() for coding in content_encoding.split(",")]
    if len(codings) > 1 or codings[0] not in _PLAIN | _GZIP:
        raise FetchError("unsupported-encoding", f"content-encoding is {content_encoding!r:.60}")


class _Body:
    """Chunks as sent in, decoded bytes out; never more than `cap` of either."""

    def __init__(self, cap: int) -> None:
        self._cap = cap
        self._sent = 0
        self._start = b""
        self._parts: list[bytes] = []
        self._size = 0
        self._inflater: _Inflater | None = None

    def add(self, chunk: bytes) -> None:
        self._sent += len(chunk)
        # Sent bytes count too: gzip can also decode to nothing, for ever.
        if self._sent > self._cap:
            raise FetchError("too-large", f"more than {self._cap:,} bytes")
        if self._inflater is not None:
            self._keep(self._inflater.inflate(chunk, self._room()))
        elif self._parts:
            self._keep(chunk)
        else:
            self._begin(self._start + chunk)

    def finish(self) -> bytes:
        if self._inflater is not None and not self._inflater.ended:
            raise FetchError("bad-encoding", "the gzip stream ends early")
        return b"".join(self._parts) or self._start

    def _begin(self, start: bytes) -> None:
        if len(start) < len(_GZIP_MAGIC):
            self._start = start
            return
        self._start = b""
        if start.startswith(_GZIP_MAGIC):
            self._inflater = _Inflater()
            self._keep(self._inflater.inflate(start, self._room()))
        else:
            self._keep(start)

    def _room(self) -> int:
        return self._cap - self._size

    def _keep(self, part: bytes) -> None:
        self._size += len(part)
        if self._size > self._cap:
            raise FetchError("too-large", f"more than {self._cap:,} bytes when decoded")
        self._parts.append(part)


class _Inflater:
    """gzip, one member after the other; what follows that is no gzip is padding (RFC 1952, 2.2)."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(_GZIP_WINDOW)
        self._padding = False

    @property
    def ended(self) -> bool:
        """Whether the last member came to its end."""
        return self._padding or self._member.eof

    def inflate(self, chunk: bytes, room: int) -> bytes:
        """The decoded bytes, at most one more than there is room for."""
        decoded = b""
        while chunk and not self._padding and len(decoded) <= room:
            if self._member.eof:
                self._padding = not chunk.startswith(_GZIP_MAGIC[:1])
                if self._padding:
                    break
                self._member = zlib.decompressobj(_GZIP_WINDOW)
            try:
                decoded += self._member.decompress(chunk, room + 1 - len(decoded))
            except zlib.error as error:
                raise FetchError("bad-encoding", "damaged gzip") from error
            chunk = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
        return decoded


def decoded(raw: bytes, content_encoding: str, cap: int) -> bytes:
    """As read_body, of a body that is there already."""
    check_encoding(content_encoding)
    body = _Body(cap)
    body.add(raw)
    return body.finish()

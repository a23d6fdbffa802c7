"""Files that are compressed themselves (sitemap.xml.gz), within a bound."""

from __future__ import annotations

import zlib

BYTES_MAX = 50_000_000
_GZIP = b"\x1f\x8b\x08"


class TooLarge(Exception):
    """It unpacks to more than BYTES_MAX."""


def unpacked(body: bytes) -> bytes:
    """The body, unpacked when it is a gzip file; a cut one as far as it goes. Raises TooLarge."""
    if not body.startswith(_GZIP):
        return body
    parts: list[bytes] = []
    size, rest = 0, body
    while rest.startswith(_GZIP):
        stream = zlib.decompressobj(wbits=31)
        try:
            part = stream.decompress(rest, BYTES_MAX + 1 - size)
        except zlib.error:
            break
        parts.append(part)
        size += len(part)
        if size > BYTES_MAX:
            raise TooLarge(f"more than {BYTES_MAX:,} bytes unpacked")
        rest = stream.unused_data
    return b"".join(parts)

"""Addresses of the web in fewer bytes."""

from __future__ import annotations

from hpack import HPACKDecodingError
from hpack.huffman import HuffmanEncoder
from hpack.huffman_constants import REQUEST_CODES, REQUEST_CODES_LENGTH
from hpack.huffman_table import decode_huffman

# The code of HTTP/2 for its headers (RFC 7541, appendix B) was made for addresses, and is fixed for ever.
_ENCODER = HuffmanEncoder(REQUEST_CODES, REQUEST_CODES_LENGTH)
_HTTPS = "https://"


def packed_address(url: str) -> bytes:
    """An http(s) URL in about two thirds of its bytes; '' in none."""
    return bytes(_ENCODER.encode(url.removeprefix(_HTTPS).encode()))


def unpacked_address(packed: bytes) -> str:
    """The counterpart of packed_address; raises ValueError for what is none."""
    try:
        text = bytes(decode_huffman(packed)).decode()
    except HPACKDecodingError as error:
        raise ValueError("no packed address") from error
    return text if not text or text.startswith("http://") else _HTTPS + text

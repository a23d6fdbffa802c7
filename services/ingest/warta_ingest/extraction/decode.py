"""A page's bytes as text: byte order mark, header, meta element, UTF-8, detection, in this order."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

import cchardet

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_HEADER = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._-]{1,40})""", re.IGNORECASE)
_META = re.compile(rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([A-Za-z0-9._-]{1,40})""", re.IGNORECASE)
_HEAD_BYTES = 4_096
_SAMPLE_BYTES = 100_000
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def page_text(html: bytes, content_type: str | None) -> str:
    """The text of a page, without control characters and lone surrogates; never fails."""
    for charset in _candidates(html, content_type or ""):
        try:
            return _UNWANTED.sub("", html.decode(charset))
        except (UnicodeDecodeError, LookupError):
            continue
    return _UNWANTED.sub("", html.decode("utf-8", "replace"))


def _candidates(html: bytes, content_type: str) -> Iterator[str]:
    yield from (charset for mark, charset in _BOMS if html.startswith(mark))
    if said := _HEADER.search(content_type):
        yield _web_name(said[1])
    if declared := _META.search(html[:_HEAD_BYTES]):
        yield _web_name(declared[1].decode("ascii"))
    yield "utf-8"
    detected = cchardet.detect(html[:_SAMPLE_BYTES]).get("encoding")
    if detected:
        yield _web_name(detected)


def _web_name(charset: str) -> str:
    """What a label means on the web (WHATWG Encoding Standard); codecs that are no charsets are refused."""
    name = charset.lower()
    if name in {"iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii"}:
        return "cp1252"
    return "undefined" if name in {"idna", "punycode", "unicode_escape", "raw_unicode_escape"} else name

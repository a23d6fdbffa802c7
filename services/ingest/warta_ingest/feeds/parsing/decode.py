"""A feed's bytes as XML text that a parser can read, whatever its declaration claims."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from html.entities import html5

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_HEADER = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._-]{1,40})""", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]{0,2000}(?:\[.{0,20000}?\]\s{0,100})?>", re.DOTALL | re.IGNORECASE)
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_NUMBERED = re.compile(r"&#(?:x([0-9A-Fa-f]{1,8})|([0-9]{1,10}));")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})


def feed_text(body: bytes, content_type: str | None) -> str:
    """The text, without declaration and document type, entities of HTML resolved, illegal characters out.

    Charset: a byte order mark; UTF-8 if every byte agrees (no other encoding does so by chance); what the
    XML declares; what the header says (RFC 7303 would ask it first, servers mostly guess); Windows-1252.
    """
    text = _decoded(body, content_type or "")
    text = _DECLARATION.sub("", text.lstrip("\ufeff \t\r\n\x00"), count=1)
    text = _DOCTYPE.sub("", text, count=1)
    text = _NAMED.sub(_resolve_name, text)
    return _ILLEGAL.sub("", _NUMBERED.sub(_resolve_number, text))


def _decoded(body: bytes, content_type: str) -> str:
    for charset in _candidates(body, content_type):
        try:
            return body.decode(charset)
        except (UnicodeDecodeError, LookupError):
            continue
    return body.decode("cp1252", "replace")


def _candidates(body: bytes, content_type: str) -> Iterator[str]:
    yield from (charset for mark, charset in _BOMS if body.startswith(mark))
    yield "utf-8"
    if declared := _DECLARED.match(body):
        yield _usable(declared[1].decode("ascii"))
    if said := _HEADER.search(content_type):
        yield _usable(said[1])


def _usable(charset: str) -> str:
    """ISO-8859-1 means Windows-1252 on the web (WHATWG Encoding Standard); codecs that are no charsets are out."""
    name = charset.lower()
    if name in {"iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii"}:
        return "cp1252"
    return "undefined" if name in {"idna", "punycode", "unicode_escape", "raw_unicode_escape"} else name


def _resolve_name(reference: re.Match[str]) -> str:
    name = reference[1]
    return reference[0] if name in _XML_NAMES else html5.get(f"{name};", reference[0].replace("&", "&amp;"))


def _resolve_number(reference: re.Match[str]) -> str:
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    legal = (
        code in {9, 10, 13} or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code <= 0x10FFFF
    )
    return reference[0] if legal else "\ufffd"

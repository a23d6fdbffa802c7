"""Bytes into text. Labels lie, bytes seldom do: UTF-8 is recognised, other charsets are believed or guessed."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

import cchardet

from warta_ingest.text.plain import without_controls

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HEADER = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
_META = re.compile(rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
_XML = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_HEAD_BYTES = 4_096
_SAMPLE_BYTES = 100_000
# What a label means on the web (WHATWG Encoding Standard).
_WEB_NAMES = {
    "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252",
    "ascii": "cp1252", "windows-1252": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "iso-8859-9": "cp1254",
    "shift_jis": "cp932", "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "big5": "big5hkscs", "tis-620": "cp874",
}  # fmt: skip
_CHARSET = re.compile(
    r"utf-?8|utf-?16(?:le|be)?|utf-?32(?:le|be)?|cp\d{3,4}|windows-\d{3,4}|iso-?8859-\d{1,2}|koi8-[rtu]|mac-?\w{4,9}"
    r"|gb18030|big5hkscs|euc[-_]jp|iso-2022-(?:jp|kr)|hz|johab|viscii"
)
_SEVEN_BIT = frozenset({"iso-2022-jp", "iso-2022-kr", "hz"})
# So many good sequences for each bad one make a UTF-8 text with a few bytes damaged.
_GOOD_FOR_ONE_BAD = 8


def decode_text(body: bytes, content_type: str | None = None) -> str:
    """The text of a page or feed, without control characters, NUL or lone surrogates; never fails.

    In this order: a byte order mark, UTF-8 if (nearly) every byte agrees, which no other charset does by
    chance, the Content-Type header, the document's own label, detection, Windows-1252.
    """
    return without_controls(_decoded(body, content_type or "").lstrip("\ufeff"))


def _decoded(body: bytes, content_type: str) -> str:
    for mark, charset in _BOMS:
        if body.startswith(mark):
            return body.decode(charset, "replace")
    labels = list(dict.fromkeys(_labels(body, content_type)))
    if not (b"\x00" in body[:_HEAD_BYTES] or _SEVEN_BIT.intersection(labels)):
        text = _as_utf8(body)
        if text is not None:
            return text
    for charset in (*labels, *_unmarked_utf16(body), *_detected(body)):
        try:
            return body.decode(charset)
        except (UnicodeError, LookupError):
            continue
    return body.decode("cp1252", "replace")


def _as_utf8(body: bytes) -> str | None:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = sum(not part.isascii() for part in re.findall(r"[^\x00-\x7f\ufffd]", text))
    return text if good >= _GOOD_FOR_ONE_BAD * bad else None


def _labels(body: bytes, content_type: str) -> Iterator[str]:
    head = body[:_HEAD_BYTES]
    found = [match[1].decode("ascii") for match in (_XML.match(head), _META.search(head)) if match]
    said = _HEADER.search(content_type)
    for label in ([said[1]] if said else []) + found:
        name = _WEB_NAMES.get(label.lower(), label.lower())
        # Python knows codecs that are no charsets (idna, unicode_escape); UTF-16 without a NUL is a lie.
        is_wide = name.startswith(("utf-16", "utf16", "utf-32", "utf32"))
        if _CHARSET.fullmatch(name) and (not is_wide or b"\x00" in head):
            yield name


def _unmarked_utf16(body: bytes) -> Iterator[str]:
    """UTF-16 that begins with `<` or `{` and has no byte order mark."""
    start = body.lstrip(b" \t\r\n")[:2]
    if start in (b"<\x00", b"{\x00"):
        yield "utf-16-le"
    elif start in (b"\x00<", b"\x00{"):
        yield "utf-16-be"


def _detected(body: bytes) -> Iterator[str]:
    detected = cchardet.detect(body[:_SAMPLE_BYTES]).get("encoding")
    if detected:
        yield _WEB_NAMES.get(detected.lower(), detected.lower())

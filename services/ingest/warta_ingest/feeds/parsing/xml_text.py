"""A feed's text as XML that a parser can read, whatever it declares or forgets to."""

from __future__ import annotations

import re
from html.entities import html5

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]{0,2000}(?:\[.{0,20000}?\]\s{0,100})?>", re.DOTALL | re.IGNORECASE)
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_NUMBERED = re.compile(r"&#(?:x([0-9A-Fa-f]{1,8})|([0-9]{1,10}));")
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})


def xml_text(text: str) -> str:
    """The text without declaration and document type, HTML's entities as numbers, no illegal numbers."""
    text = _DECLARATION.sub("", text.lstrip(), count=1)
    text = _DOCTYPE.sub("", text, count=1)
    text = _NAMED.sub(_resolve_name, text)
    return _NUMBERED.sub(_resolve_number, text)


def _resolve_name(reference: re.Match[str]) -> str:
    name = reference[1]
    if name in _XML_NAMES:
        return reference[0]
    found = html5.get(f"{name};")
    # As numbers: some names (`&LT;`) stand for what would be markup.
    return "".join(f"&#{ord(character)};" for character in found) if found else f"&amp;{name};"


def _resolve_number(reference: re.Match[str]) -> str:
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    legal = (
        code in {9, 10, 13} or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code <= 0x10FFFF
    )
    return reference[0] if legal else "\ufffd"

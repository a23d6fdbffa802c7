"""A feed's text as XML that a parser can read, whatever it declares or forgets to."""

from __future__ import annotations

import re
from html.entities import html5

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
# Only before the first element: what follows may speak of document types.
_DOCTYPE = re.compile(
    r"^((?:\s|<!--.{0,20000}?-->|<\?[^>]{0,2000}>){0,50})<!DOCTYPE[^>\[]{0,2000}(?:\[.{0,20000}?\]\s{0,100})?>",
    re.DOTALL | re.IGNORECASE,
)
_CDATA = re.compile(r"(<!\[CDATA\[.*?(?:\]\]>|\Z))", re.DOTALL)
_AMPERSAND = re.compile(
    r"&(?:#x(?P<hex>[0-9A-Fa-f]{1,8});|#(?P<decimal>[0-9]{1,10});|(?P<name>[A-Za-z][A-Za-z0-9]{1,31});|)"
)
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})


def xml_text(text: str) -> str:
    """The text without declaration and document type; outside of CDATA, no reference that XML does not know.

    HTML's entities become numbers, illegal numbers U+FFFD, and a bare `&`, as in many links, `&amp;`.
    """
    text = _DECLARATION.sub("", text.lstrip(), count=1)
    text = _DOCTYPE.sub(r"\1", text, count=1)
    parts = _CDATA.split(text)
    parts[::2] = (_AMPERSAND.sub(_resolved, part) for part in parts[::2])
    return "".join(parts)


def _resolved(reference: re.Match[str]) -> str:
    if reference["name"]:
        return _resolve_name(reference)
    if reference["hex"] or reference["decimal"]:
        return _resolve_number(reference)
    return "&amp;"


def _resolve_name(reference: re.Match[str]) -> str:
    name = reference["name"]
    if name in _XML_NAMES:
        return reference[0]
    found = html5.get(f"{name};")
    # As numbers: some names (`&LT;`) stand for what would be markup.
    return "".join(f"&#{ord(character)};" for character in found) if found else f"&amp;{name};"


def _resolve_number(reference: re.Match[str]) -> str:
    code = int(reference["hex"], 16) if reference["hex"] else int(reference["decimal"])
    legal = (
        code in {9, 10, 13} or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code <= 0x10FFFF
    )
    return reference[0] if legal else "\ufffd"

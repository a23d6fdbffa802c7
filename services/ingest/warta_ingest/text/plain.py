"""Markup into plain text, and text into what an event may hold."""

from __future__ import annotations

import re
from html import unescape

import lxml.etree
import lxml.html

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_ASCII_CONTROLS = bytes((*range(9), 11, 12, *range(14, 32), 127))
_MARKUP = re.compile(r"<[A-Za-z/!]|&[#A-Za-z]")
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#x[0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_NO_LETTERS = re.compile(r"\W+")
_LONGEST = 200_000
_BLOCKS = ("p", "br", "div", "li", "td", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "figcaption")


def without_controls(text: str) -> str:
    """The text without NUL, control characters, lone surrogates and code points that are no characters."""
    return _CONTROLS.sub("", text) if _may_hold_controls(text) else text


def _may_hold_controls(text: str) -> bool:
    """Whether the slow search can find anything: its bytes in UTF-8 are controls or begin with ED or EF."""
    data = text.encode("utf-8", "surrogatepass")
    return b"\xed" in data or b"\xef" in data or len(data.translate(None, _ASCII_CONTROLS)) < len(data)


def one_line(text: str | None, most: int) -> str:
    """The text on one line, at most `most` characters; empty for None."""
    return " ".join(without_controls(text or "").split())[:most].strip()


def plain(markup: str | None, most: int) -> str:
    """The text of a fragment of HTML on one line, at most `most` characters."""
    text = (markup or "")[:_LONGEST]
    if _MARKUP.search(text):
        text = _text_of(text)
    if _REFERENCE.search(text):  # escaped once too often, as many feeds do
        text = unescape(text)
    return one_line(text, most)


def _text_of(markup: str) -> str:
    try:
        root = lxml.html.fragment_fromstring(without_controls(markup), create_parent="div")
    except (lxml.etree.LxmlError, ValueError, AssertionError):  # the last: a head and no body
        return unescape(re.sub(r"<[^<>]{0,2000}>", " ", markup))
    for element in list(root.iter("script", "style")):
        element.drop_tree()
    # A word may not run into the next paragraph's.
    for element in root.iter(*_BLOCKS):
        element.tail = f" {element.tail or ''}"
    return str(root.text_content())


def letters(text: str) -> str:
    """Letters and digits alone, whatever their capitals: by these, texts are compared that are written in two ways."""
    return _NO_LETTERS.sub("", text).casefold()


def word_count(text: str) -> int:
    """How many words a text has; two characters of a script without spaces (Han, Kana, Thai) count as one."""
    if text.isascii():  # most are, and this is asked for every line of a page
        return len(text.split())
    unspaced = _UNSPACED.findall(text)
    return len(_UNSPACED.sub(" ", text).split()) + len(unspaced) // 2

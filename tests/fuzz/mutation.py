"""Broken relatives of what is well formed: the same for the same chance."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

LENGTH_MAX = 60_000
INTERESTING = (
    b"\x00", b"\xff", b"\xfe\xff", b"\xed\xa0\x80", b"\xc0\x80", b"\xef\xbb\xbf", b"\r", b"\n", b"&#0;", b"&#xD800;",
    b"\\ud800", b"\\u0000", b"-1", b"1e999", b"99999999999999999999", b"NaN", b"null", b"[]", b"{}", b'""', b"'", b"<",
    b">", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"%00", b"%", b"%zz", b"..", b"//", b"\xe2\x80\xae", b"\xf0\x9f",
    b"0000-00-00T00:00:00Z", b"9999-12-31T23:59:59+14:00", b"A" * 300, b"(" * 80, b"[" * 200, b"<div>" * 150,
)  # fmt: skip

Change = Callable[[random.Random, bytes, Sequence[bytes]], bytes]


def mutated(chance: random.Random, corpus: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    """A member of the corpus with up to a dozen changes; `words` are of the format."""
    text = chance.choice(corpus)
    for _ in range(chance.choice((1, 1, 2, 3, 5, 12))):
        text = chance.choice(CHANGES)(chance, text, (*corpus, *words))[:LENGTH_MAX]
    return text


def _span(chance: random.Random, text: bytes) -> tuple[int, int]:
    start = chance.randrange(len(text) + 1)
    return start, min(len(text), start + chance.choice((1, 2, 8, 40, 300)))


def _flipped(chance: random.Random, text: bytes, _words: Sequence[bytes]) -> bytes:
    at = chance.randrange(len(text) + 1)
    return text[:at] + bytes([chance.randrange(256)]) + text[at + 1 :]


def _without(chance: random.Random, text: bytes, _words: Sequence[bytes]) -> bytes:
    start, end = _span(chance, text)
    return text[:start] + text[end:]


def _repeated(chance: random.Random, text: bytes, _words: Sequence[bytes]) -> bytes:
    start, end = _span(chance, text)
    return text[:start] + text[start:end] * chance.choice((2, 3, 50)) + text[end:]


def _moved(chance: random.Random, text: bytes, _words: Sequence[bytes]) -> bytes:
    start, end = _span(chance, text)
    rest, at = text[:start] + text[end:], chance.randrange(len(text) - (end - start) + 1)
    return rest[:at] + text[start:end] + rest[at:]


def _interesting(chance: random.Random, text: bytes, _words: Sequence[bytes]) -> bytes:
    start, end = _span(chance, text)
    return text[:start] + chance.choice(INTERESTING) + text[chance.choice((start, end)) :]


def _worded(chance: random.Random, text: bytes, words: Sequence[bytes]) -> bytes:
    start, end = _span(chance, text)
    return text[:start] + chance.choice(words)[:2_000] + text[chance.choice((start, end)) :]


def _cut(chance: random.Random, text: bytes, _words: Sequence[bytes]) -> bytes:
    return text[: chance.randrange(len(text) + 1)]


CHANGES: tuple[Change, ...] = (
    _flipped,
    _without,
    _repeated,
    _moved,
    _interesting,
    _interesting,
    _worded,
    _worded,
    _cut,
)

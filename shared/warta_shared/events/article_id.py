"""Ids of articles and pages: 16 bytes, written as 26 characters (base 32 of RFC 4648, small, without padding)."""

from __future__ import annotations

import base64
import re

BYTES = 16
PATTERN = "[a-z2-7]{26}"
_ID = re.compile(PATTERN)


def is_id(text: str) -> bool:
    """Whether it is written as an id is."""
    return _ID.fullmatch(text) is not None


def written(raw: bytes) -> str:
    """The id of these bytes."""
    return base64.b32encode(raw).decode("ascii").rstrip("=").lower()


def raw(identity: str) -> bytes:
    """The bytes of an id; raises ValueError for what is none."""
    if not is_id(identity):
        raise ValueError("no id")
    return base64.b32decode(f"{identity.upper()}======")

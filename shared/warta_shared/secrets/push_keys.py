"""Push API keys: shown once, stored as SHA-256 only (they are long and random, so a slow hash adds nothing)."""

from __future__ import annotations

import hashlib
import secrets

PREFIX = "warta_"


def new_push_key() -> str:
    """A key of 256 random bits; the prefix lets secret scanners recognise it."""
    return PREFIX + secrets.token_urlsafe(32)


def key_line(name: str, push_key: str) -> str:
    """A line of the keys file: `name:sha256`."""
    return f"{name}:{digest(push_key)}"


def digest(push_key: str) -> str:
    """What is stored and compared."""
    return hashlib.sha256(push_key.encode()).hexdigest()

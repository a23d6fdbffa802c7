"""What the local stack raises on purpose."""

from __future__ import annotations


class LocalError(RuntimeError):
    """Something that a person can act upon: the message says what is wrong and what to do."""

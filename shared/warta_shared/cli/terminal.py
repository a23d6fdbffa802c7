"""What outsiders wrote is shown, never obeyed."""

from __future__ import annotations


def printable(text: str) -> str:
    """The text without control characters: escape sequences end here."""
    return "".join(character if character.isprintable() else " " for character in text)

"""What ends a backup or a restore."""

from __future__ import annotations


class BackupRefused(Exception):
    """It cannot be done as things are: why, and what to do about it."""

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.advice = advice

"""Why a fetched page gave no article."""

from __future__ import annotations


class UnreadablePage(Exception):
    """`reason` is a short label; `retryable`: whether another try may help (a parser that was killed)."""

    def __init__(self, reason: str, detail: str = "", *, retryable: bool = False) -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail
        self.retryable = retryable

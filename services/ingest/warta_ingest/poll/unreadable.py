"""Why a fetched feed could not be read."""

from __future__ import annotations


class UnreadableFeed(Exception):
    """`reason` is a short label (not a feed, parser killed ...)."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail

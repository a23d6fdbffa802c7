"""What a fetch brought back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PERMANENT_REDIRECTS = frozenset({301, 308})


@dataclass(frozen=True, slots=True)
class Hop:
    """One redirect: the URL that answered, its status, and where it sent us."""

    url: str
    status: int
    to: str

    @property
    def permanent(self) -> bool:
        """Whether the move is for ever (RFC 9110, 15.4)."""
        return self.status in PERMANENT_REDIRECTS

    @property
    def downgraded(self) -> bool:
        """Whether it led from https to http."""
        return self.url.startswith("https:") and self.to.startswith("http:")


@dataclass(frozen=True, slots=True)
class Fetched:
    """A 2xx or 304 answer; `body` is decoded and within the cap; `retry_after` and `max_age` in seconds."""

    url: str
    final_url: str
    hops: tuple[Hop, ...]
    status: int
    headers: Mapping[str, str]
    body: bytes
    not_modified: bool = False
    etag: str | None = None
    last_modified: str | None = None
    retry_after: float | None = None
    max_age: int | None = None

    @property
    def content_type(self) -> str | None:
        """The Content-Type header as it was sent."""
        return self.headers.get("content-type")

    @property
    def moved_to(self) -> str | None:
        """Where the URL now lives for good: the end of the leading permanent redirects, else None."""
        target = None
        for hop in self.hops:
            if not hop.permanent:
                break
            target = hop.to
        return target

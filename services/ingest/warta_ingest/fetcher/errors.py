"""Why a fetch brought nothing: every failure has one short name, and says whether trying again can help."""

from __future__ import annotations

from types import MappingProxyType

from warta_ingest.fetcher.fetched import Hop

# reason -> may the same URL succeed later?
REASONS = MappingProxyType({
    "bad-url": False,  # no http(s) URL, or one with a user, a password or an impossible host or port
    "port-refused": False,  # a port that the operator does not allow
    "private-address": False,  # the name leads to an address that is not on the public Internet
    "too-many-redirects": False,
    "redirect-loop": False,
    "too-large": False,  # more bytes, sent or decoded, than the cap
    "unsupported-encoding": False,  # brotli, zstd and the like, which were not asked for
    "unsupported-type": False,  # a picture, a film, an archive
    "bad-encoding": True,  # gzip that is damaged or ends early
    "bad-response": True,  # it broke HTTP, header sizes included
    "connection-lost": True,  # closed or reset before the end
    "connect": True,
    "dns": True,
    "tls": True,
    "timeout": True,
})  # fmt: skip

# Statuses with a label of their own; others count as http-4xx and the like, so that labels stay few.
_NAMED_STATUSES = frozenset({
    304, 400, 401, 402, 403, 404, 405, 406, 408, 409, 410, 421, 423, 425, 426, 429, 451,
    500, 501, 502, 503, 504, 508, 520, 521, 522, 523, 524, 525, 526, 530,
})  # fmt: skip
_RETRYABLE_4XX = frozenset({408, 421, 423, 425, 429})
_FINAL_5XX = frozenset({501, 505})


class FetchError(Exception):
    """No usable answer.

    `reason`: a label of REASONS or `http-<status>`. `retryable`: whether it can ever succeed. `status` and
    `retry_after` (seconds) are the server's, where it answered; `hops` are the redirects before the failure.
    """

    def __init__(
        self, reason: str, detail: str = "", *, status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail
        self.status = status
        self.retry_after = retry_after
        self.hops: tuple[Hop, ...] = ()

    @property
    def retryable(self) -> bool:
        """Whether the same URL may succeed later."""
        if self.status is None:
            return REASONS[self.reason]
        if self.status >= 500:
            return self.status not in _FINAL_5XX
        return self.status in _RETRYABLE_4XX or self.status < 400

    @property
    def gone(self) -> bool:
        """Whether the server says that it is gone for good (410)."""
        return self.status == 410


def status_error(status: int, retry_after: float | None = None) -> FetchError:
    """The error for an answer that is neither a page nor `not modified`."""
    known = status in _NAMED_STATUSES
    label = f"http-{status}" if known else f"http-{status // 100}xx" if 100 <= status < 600 else "http-other"
    return FetchError(label, f"the server answered {status}", status=status, retry_after=retry_after)

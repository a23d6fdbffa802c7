"""Who may push: bearer keys, compared in constant time with their stored hashes."""

from __future__ import annotations

import hmac

from warta_ingest.push.problem import Problem
from warta_shared.secrets.push_keys import digest


class PushKeys:
    """The keys of the keys file (`name:sha256` a line)."""

    def __init__(self, lines: str) -> None:
        self._digests = dict(_parsed(line) for line in lines.splitlines() if line.strip())

    def holder(self, authorization: str | None) -> str:
        """The name of the key in an Authorization header (RFC 6750); raises Problem 401."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Problem(401, "Send the key as `Authorization: Bearer KEY`.")
        presented = digest(token.strip())
        # All are compared, so that the time taken tells nothing about which one came close.
        holders = [name for name, stored in self._digests.items() if hmac.compare_digest(stored, presented)]
        if not holders:
            raise Problem(401, "This key is not known here.")
        return holders[0]


def _parsed(line: str) -> tuple[str, str]:
    name, colon, stored = line.strip().partition(":")
    if not colon or len(stored) != 64:
        raise ValueError("each line of the push keys must be name:sha256")
    return name, stored.lower()

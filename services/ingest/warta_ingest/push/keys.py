"""Who may push: bearer keys, compared in constant time with their stored hashes."""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable

from warta_ingest.push.problem import Problem
from warta_shared.secrets.push_keys import digest

_LINE = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]{0,63}):([0-9A-Fa-f]{64})")


class PushKeys:
    """The keys of the keys file (`name:sha256` a line); a name may have several, for rotation.

    Raises ValueError when a line is something else; the message names the line, and holds nothing of it.
    """

    def __init__(self, lines: str, compare: Callable[[str, str], bool] = hmac.compare_digest) -> None:
        self._compare = compare
        numbered = enumerate(lines.splitlines(), 1)
        self._keys = [_parsed(number, line.strip()) for number, line in numbered if line.strip()]

    def __len__(self) -> int:
        return len(self._keys)

    def holder(self, authorization: str | None) -> str:
        """The name of the key in an Authorization header (RFC 6750); raises Problem 401."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Problem(401, "Send the key as `Authorization: Bearer KEY`.")
        presented = digest(token.strip())
        # All are compared, so that the time taken tells nothing about which one came close.
        holders = [name for name, stored in self._keys if self._compare(stored, presented)]
        if not holders:
            raise Problem(401, "This key is not known here.")
        return holders[0]


def _parsed(number: int, line: str) -> tuple[str, str]:
    parts = _LINE.fullmatch(line)
    if parts is None:
        raise ValueError(f"push keys, line {number}: it must be name:sha256")
    return parts[1], parts[2].lower()

"""Who may push: bearer keys, compared in constant time with their stored hashes."""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from warta_ingest.push.problem import Problem
from warta_shared.secrets.push_keys import digest

NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"
_LINE = re.compile(rf"({NAME}):([0-9A-Fa-f]{{64}})")
_OF_FILE = "file:"

Compare = Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class Holder:
    """Who pushes: `id` tells one key from another, `name` is for people.

    `per_minute`: articles, None for what the settings say. `sources`: the codes it may push, empty for all.
    """

    id: str
    name: str
    per_minute: int | None = None
    sources: frozenset[str] = frozenset()

    def may_push(self, source: str) -> bool:
        """Whether articles of this source's code are its business."""
        return not self.sources or source in self.sources


@dataclass(frozen=True, slots=True)
class PushKey:
    """A key as it is stored: SHA-256 in hex of the key, never the key; `expires_at` in ms since 1970."""

    holder: Holder
    digest: str
    expires_at: int | None = None

    def expired(self, now: int) -> bool:
        """Whether it is over at `now` (ms since 1970)."""
        return self.expires_at is not None and now >= self.expires_at


def keys_of_file(lines: str) -> list[PushKey]:
    """The keys of the keys file (`name:sha256` a line); a name may have several, for rotation.

    Raises ValueError when a line is something else; the message names the line, and holds nothing of it.
    """
    numbered = enumerate(lines.splitlines(), 1)
    return [_parsed(number, line.strip()) for number, line in numbered if line.strip()]


def presented(authorization: str | None) -> str:
    """The digest of the key in an Authorization header (RFC 6750); raises Problem 401."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Problem(401, "Send the key as `Authorization: Bearer KEY`.")
    return digest(token.strip())


def matching(keys: Sequence[PushKey], shown: str, compare: Compare = hmac.compare_digest) -> PushKey | None:
    """The key with this digest. All are compared, so that the time taken tells nothing about any of them."""
    found = [one for one in keys if compare(one.digest, shown)]
    return found[0] if found else None


def _parsed(number: int, line: str) -> PushKey:
    parts = _LINE.fullmatch(line)
    if parts is None:
        raise ValueError(f"push keys, line {number}: it must be name:sha256")
    return PushKey(Holder(_OF_FILE + parts[1], parts[1]), parts[2].lower())

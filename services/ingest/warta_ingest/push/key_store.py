"""Push keys in Redis: made and revoked at run time, followed by every replica without a restart."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import orjson

from warta_ingest.push.keys import Holder, PushKey
from warta_shared.delivery.client import Redis
from warta_shared.delivery.names import key
from warta_shared.secrets.push_keys import PREFIX, digest, new_push_key

log = logging.getLogger(__name__)

# Hashes, by the key's visible beginning: the records, and when each was last used (ms since 1970). The service
# may only read the first.
KEYS = key("push-keys", None, "made")
USED = key("push-used", None, "at")
# Every replica reads all of them each second.
KEYS_MAX = 1_000
# Of 43 random characters: enough to tell keys apart, and 208 bits stay secret.
SHOWN = len(PREFIX) + 8


class TooManyKeys(Exception):
    """There are KEYS_MAX already."""


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """A key as Redis has it; instants in ms since 1970, `per_minute` articles (None: the settings' number).

    `digest` is the SHA-256 of the key. A slow hash or a salt would add nothing: the key is 256 random bits,
    so that there is no dictionary to try and no two keys are the same.
    """

    name: str
    digest: str
    created_at: int
    expires_at: int | None = None
    per_minute: int | None = None
    sources: tuple[str, ...] = ()

    def push_key(self, prefix: str) -> PushKey:
        """What the service compares."""
        holder = Holder(prefix, self.name, self.per_minute, frozenset(self.sources))
        return PushKey(holder, self.digest, self.expires_at)


def parsed(raw: Mapping[bytes, bytes]) -> dict[str, KeyRecord]:
    """The records by visible beginning, oldest first; one that cannot be read is a warning and no key."""
    found: dict[str, KeyRecord] = {}
    for prefix, text in raw.items():
        try:
            found[prefix.decode("ascii")] = _record(orjson.loads(text))
        except (ValueError, TypeError, KeyError) as error:
            log.warning("push-key-unreadable", extra={"error": type(error).__name__})
    return dict(sorted(found.items(), key=lambda item: (item[1].created_at, item[0])))


async def made_keys(redis: Redis) -> dict[str, KeyRecord]:
    """All keys that `warta keys` made and nobody revoked, by visible beginning."""
    return parsed(await redis.hgetall(KEYS))


async def last_used(redis: Redis) -> dict[str, int]:
    """When each key was last used, in ms since 1970, by id (those of the keys file: `file:NAME`)."""
    raw: dict[bytes, bytes] = await redis.hgetall(USED)
    return {name.decode("utf-8", "replace"): int(at) for name, at in raw.items() if at.isdigit()}


async def make_key(
    redis: Redis,
    name: str,
    *,
    lifetime: float | None = None,
    per_minute: int | None = None,
    sources: Iterable[str] = (),
) -> tuple[str, str, KeyRecord]:
    """A new key, its visible beginning and its record; `lifetime` in seconds. The key is nowhere else.

    Raises TooManyKeys.
    """
    if len(await redis.hgetall(KEYS)) >= KEYS_MAX:
        raise TooManyKeys(f"there are {KEYS_MAX:,} keys already")
    secret, now = new_push_key(), time.time_ns() // 1_000_000
    expires_at = None if lifetime is None else now + int(lifetime * 1000)
    record = KeyRecord(name, digest(secret), now, expires_at, per_minute, tuple(dict.fromkeys(sources)))
    await redis.hset(KEYS, secret[:SHOWN], orjson.dumps(asdict(record)))
    return secret, secret[:SHOWN], record


async def revoke(redis: Redis, prefixes: Iterable[str]) -> None:
    """Forget keys by their visible beginnings; no replica takes them a second later."""
    for prefix in prefixes:
        await redis.hdel(KEYS, prefix)
        await redis.hdel(USED, prefix)


def _record(value: dict[str, Any]) -> KeyRecord:
    """A field that a later release added may be a restriction: with one that is not known here it is no key."""
    record = KeyRecord(**value | {"sources": tuple(value["sources"])})
    if not (isinstance(record.name, str) and isinstance(record.digest, str) and record.digest.isascii()):
        raise ValueError("no record of a key")
    return record

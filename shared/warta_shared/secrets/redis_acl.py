"""The Redis users: the default user is off, each service may touch its own keys with its own commands."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

# What the delivery pattern needs on any stream it reads or writes.
DELIVERY = (
    "+eval +xadd +xack +xreadgroup +xgroup +xinfo +xpending +xclaim +xrange +xrevrange +xlen +xtrim "
    "+type +exists +get +mget +set +ping +info +client +hello +wait +select +command +cluster +readonly"
)
STREAM_KEYS = {
    "ingest": "~pages.found* ~articles.raw* ~articles.enriched* ~articles.dead* ~seen* ~page* ~feed*",
    "enrich": "~articles.raw* ~articles.enriched* ~articles.dead* ~story*",
    "index": "~articles.enriched* ~articles.dead*",
}
MORE_COMMANDS = {
    "ingest": "+zadd +zrem +zrange +zrangebyscore +zscore +zcard +hset +hget +hmget +hgetall +hdel +del "
    "+expire +pexpire +mget +unlink",
    "enrich": "+sadd +smembers +expire +pexpire",
    "index": "",
    "operator": "+xdel +del +zadd +zrem +zrange +zrangebyscore +zscore +zcard +hset +hget +hmget +hgetall +hdel +scan",
}
USERS = ("ingest", "enrich", "index", "operator", "health")


def acl_file(passwords: Mapping[str, str]) -> str:
    """The text of an ACL file for `passwords` by user; only their SHA-256 is written."""
    lines = ["user default off"]
    for user in USERS:
        digest = hashlib.sha256(passwords[user].encode()).hexdigest()
        lines.append(f"user {user} on #{digest} resetchannels {_rights(user)}")
    return "\n".join(lines) + "\n"


def _rights(user: str) -> str:
    if user == "health":
        return "resetkeys -@all +ping"
    keys = STREAM_KEYS.get(user) or " ".join(dict.fromkeys(" ".join(STREAM_KEYS.values()).split()))
    return f"resetkeys {keys} -@all {DELIVERY} {MORE_COMMANDS[user]}".strip()

"""The Redis users: the default user is off, each service may touch its own keys with its own commands."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

# What redis-py sends by itself, on one server and on a cluster. CLIENT and CLUSTER as a whole would let a
# service pause the server or take a cluster apart.
CONNECT = (
    "+ping +hello +select +client|id +client|setname +command +cluster|slots +cluster|shards +cluster|nodes"
)
# What delivery needs on the streams it reads and writes.
DELIVERY = (
    "+eval +xadd +xack +xreadgroup +xgroup|create +xgroup|setid +xgroup|delconsumer +xinfo|groups +xinfo|consumers "
    "+xinfo|stream +xpending +xclaim +xrange +xlen +xtrim +wait +get +set +exists +incrby"
)
# What a producer needs for its markers, its feeds and the decision whether it may publish.
PRODUCER = (
    "+mget +del +unlink +info +zadd +zrem +zrange +zrangebyscore +zscore +zcard +zcount +hincrby +expire "
    "+pexpire +time +hset +hget +hmget +hgetall +hdel"
)
OPERATOR = f"{PRODUCER} +xdel +xrevrange +type +ttl +pttl +memory|usage +scan +hsetnx +acl|dryrun"

KEYS = {
    "ingest": "~pages.found* ~articles.raw* %R~articles.enriched* ~articles.dead* ~registry* ~feed* ~host-* ~canary* "
    "%R~push-keys* ~push-used* ~push-rate* ~push-once* %R~log-level*",
    "enrich": "~articles.raw* ~articles.enriched* ~articles.dead* ~story* %R~log-level*",
    "index": "~articles.enriched* ~articles.dead* %R~log-level*",
    "operator": "~pages.found* ~articles.raw* ~articles.enriched* ~articles.dead* ~registry* ~feed* ~story* "
    "~push-keys* ~push-used* ~backfill* ~reenrich* ~log-level*",
}
COMMANDS = {
    "ingest": f"{DELIVERY} {PRODUCER} +pttl +incr",
    "enrich": f"{DELIVERY} +hget +hset +hlen +expireat",
    "index": DELIVERY,
    "operator": f"{DELIVERY} {OPERATOR}",
}
# Statistics alone: no key, no setting. The exporter asks for more and does without.
EXPORTER = "redis-exporter"
STATISTICS = "+ping +hello +select +client|setname +info +latency|latest +slowlog|len"
USERS = (*KEYS, "health", EXPORTER)
# Nobody can be the default user: it is off and has no password. But Redis (7.0 to 8.2 at the least; not Valkey 9) reads
# its append-only file as this user, and leaves out every transaction that it may not carry out. Each script that
# writes more than once is one: without these rights a restart loses what was published.
DEFAULT_USER = "off resetpass ~* &* +@all"
PRODUCERS = ("ingest", "operator")
WAITAOF = " +waitaof"


def acl_file(passwords: Mapping[str, str], *, fsync_ack: bool = False) -> str:
    """The text of an ACL file for `passwords` by user; only their SHA-256 is written.

    `fsync_ack`: producers may wait for the disk; Redis 7.0 refuses a file that names a command it does not know.
    """
    lines = [f"user default {DEFAULT_USER}"]
    for user in USERS:
        digest = hashlib.sha256(passwords[user].encode()).hexdigest()
        rights = _rights(user) + (WAITAOF if fsync_ack and user in PRODUCERS else "")
        lines.append(f"user {user} on #{digest} resetchannels resetkeys -@all {rights}")
    return "\n".join(lines) + "\n"


def _rights(user: str) -> str:
    if user in KEYS:
        return f"{KEYS[user]} {CONNECT} {COMMANDS[user]}"
    return STATISTICS if user == EXPORTER else "+ping"

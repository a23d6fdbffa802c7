"""The feeds that are polled: one hash in Redis, so that every replica follows a change without a restart."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

import orjson
from pydantic import ValidationError

from warta_ingest.feeds.feed import Feed
from warta_shared.delivery.client import Redis
from warta_shared.delivery.names import key

log = logging.getLogger(__name__)

KEY = key("feeds", None, "declared")
# No feed's id begins so: one hash holds all, and a script touches one key.
REVISION = "#revision"
ANY = "*"


class Origin(StrEnum):
    """Who declared a feed: the feeds file, which is its state, or a command."""

    FILE = "file"
    COMMAND = "command"


@dataclass(frozen=True, slots=True)
class StoredFeed:
    """A feed and its origin; `record` is its text in Redis, which a change names as what it saw."""

    feed: Feed
    origin: Origin
    record: str

    @classmethod
    def of(cls, feed: Feed, origin: Origin) -> StoredFeed:
        """The record of a feed that is to be stored."""
        fields = feed.model_dump(mode="json", exclude_defaults=True)
        record = orjson.dumps({"origin": origin.value, "feed": fields}, option=orjson.OPT_SORT_KEYS).decode()
        return cls(feed, origin, record)

    @classmethod
    def read(cls, record: str) -> StoredFeed:
        """Read a record; raises ValueError when no release of Warta has written it."""
        value = orjson.loads(record)
        fields = value if isinstance(value, dict) else {}
        return cls(Feed.model_validate(fields.get("feed")), Origin(str(fields.get("origin"))), record)


Stored = Mapping[str, StoredFeed]
# The id of a feed, the record that is expected, the one that takes its place.
Change = tuple[str, str, str]


@cache
def _change_script() -> str:
    return files(__package__).joinpath("change.lua").read_text(encoding="utf-8")


async def revision(redis: Redis) -> int:
    """Grows with every change of any feed; 0 before the first."""
    return int(await redis.hget(KEY, REVISION) or 0)


async def stored_feeds(redis: Redis) -> tuple[int, dict[str, StoredFeed]]:
    """The revision and all feeds by id; a record that cannot be read is one warning and left out."""
    found: dict[str, StoredFeed] = {}
    raw: dict[bytes, bytes] = await redis.hgetall(KEY)
    number = int(raw.pop(REVISION.encode(), 0))
    for feed_id, record in sorted(raw.items()):
        try:
            stored = StoredFeed.read(record.decode())
            found[stored.feed.id] = stored
        except (ValueError, ValidationError) as error:
            extra = {"feed": feed_id[:128].decode("utf-8", "replace"), "error": type(error).__name__}
            log.warning("feed-record-unreadable", extra=extra)
    return number, found


async def change(redis: Redis, changes: Iterable[Change]) -> list[str]:
    """Apply changes in one step; the ids of feeds that somebody else had changed, which stay as they are."""
    arguments = [argument for one in changes for argument in one]
    if not arguments:
        return []
    refused: list[bytes] = await redis.eval(_change_script(), 1, KEY, REVISION, *arguments)
    return [feed_id.decode() for feed_id in refused]


def of_file(stored: Stored, declared: Iterable[Feed]) -> list[Change]:
    """What makes the stored feeds of the file exactly the declared ones; those of commands are left alone.

    An id that a command took and the file declares becomes the file's.
    """
    wanted = {feed.id: StoredFeed.of(feed, Origin.FILE) for feed in declared}
    gone = [
        (feed_id, known.record, "")
        for feed_id, known in stored.items()
        if known.origin is Origin.FILE and feed_id not in wanted
    ]
    written = [
        (feed_id, ANY, new.record)
        for feed_id, new in wanted.items()
        if feed_id not in stored or stored[feed_id].record != new.record
    ]
    return gone + written

"""Every key in Redis is spelled here, and nowhere else.

With partitions, all keys of one partition carry the hash tag `{pN}` and so share a cluster slot; without,
names are plain. A partition is chosen once, from the article's id, and then carried along.
"""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import TypeVar

RAW = "articles.raw"
ENRICHED = "articles.enriched"
DEAD = "articles.dead"
PAGES = "pages.found"
STREAMS = (PAGES, RAW, ENRICHED, DEAD)

Partition = int | None
ItemT = TypeVar("ItemT")

_TAGGED = re.compile(r"\.\{p(\d+)\}")


def partitions(count: int) -> tuple[Partition, ...]:
    """All partitions: (None,) stands for the plain names of an installation without partitions."""
    return tuple(range(count)) if count else (None,)


def partition_of(identity: str, count: int) -> Partition:
    """The partition of an article: CRC-32 of its id, modulo the count; None without partitions."""
    return zlib.crc32(identity.encode()) % count if count else None


def by_partition(
    items: Iterable[ItemT], count: int, identity: Callable[[ItemT], str]
) -> dict[Partition, list[ItemT]]:
    """The items in the partitions of their articles, each in the order in which they came."""
    found: defaultdict[Partition, list[ItemT]] = defaultdict(list)
    for item in items:
        found[partition_of(identity(item), count)].append(item)
    return found


def key(name: str, partition: Partition, *parts: str) -> str:
    """`key("seen", 7, "abc")` is `seen.{p7}:abc`; without partitions `seen:abc`."""
    tagged = name if partition is None else f"{name}.{{p{partition}}}"
    return ":".join((tagged, *parts))


def stream(name: str, partition: Partition) -> str:
    """The key of a stream: `articles.raw` or `articles.raw.{p7}`."""
    return key(name, partition)


def partition_in(stream_key: str) -> Partition:
    """The partition that a stream's key names: the inverse of `stream`."""
    tagged = _TAGGED.search(stream_key)
    return int(tagged[1]) if tagged else None

"""A hop: one consumer group that takes messages from one stream and may pass them on to another."""

from __future__ import annotations

import os
import re
import secrets
import socket
from dataclasses import dataclass

from warta_shared.delivery.names import DEAD, ENRICHED, PAGES, RAW, Partition, key, stream


@dataclass(frozen=True, slots=True)
class Hop:
    """`name` is the consumer group; `target` is None where the hop ends the journey.

    `suspects_alone`: whether a message that failed twice is handled with nothing beside it, since it may have
    killed its worker. Not where the hostile part runs in processes of its own: strangers' servers fail in
    crowds, and one after the other they would hold up everything else.
    `holds`: whether a reader keeps its batch while a server of ours is away and tries it again. Not where a try
    asks strangers.
    """

    name: str
    source: str
    target: str | None = None
    suspects_alone: bool = True
    holds: bool = True

    def source_key(self, partition: Partition) -> str:
        """Where messages come from."""
        return stream(self.source, partition)

    def target_key(self, partition: Partition) -> str:
        """Where `Publish` goes; the dead letters where there is no target (it is then never used)."""
        return stream(self.target or DEAD, partition)

    def dead_key(self, partition: Partition) -> str:
        """Where `Dead` goes."""
        return stream(DEAD, partition)

    def settled_key(self, partition: Partition) -> str:
        """Where it is counted what was settled: no group but this one reads the source."""
        return key(f"{self.source}.settled", partition)


FETCH = Hop("fetch", PAGES, suspects_alone=False, holds=False)
ENRICH = Hop("enrich", RAW, ENRICHED)
INDEX = Hop("index", ENRICHED)
HOPS = (FETCH, ENRICH, INDEX)


def consumer_name() -> str:
    """Unique for each process that ever ran: host, pid, random; a reused name would inherit pending entries."""
    host = re.sub(r"[^A-Za-z0-9.-]", "-", socket.gethostname())[:40].lstrip(".-") or "host"
    return f"{host}-{os.getpid()}-{secrets.token_hex(4)}"

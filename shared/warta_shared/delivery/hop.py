"""A hop: one consumer group that takes messages from one stream and may pass them on to another."""

from __future__ import annotations

import os
import secrets
import socket
from dataclasses import dataclass

from warta_shared.delivery.names import DEAD, ENRICHED, PAGES, RAW, Partition, stream


@dataclass(frozen=True, slots=True)
class Hop:
    """`name` is the consumer group; `target` is None where the hop ends the journey."""

    name: str
    source: str
    target: str | None = None

    def source_key(self, partition: Partition) -> str:
        """Where messages come from."""
        return stream(self.source, partition)

    def target_key(self, partition: Partition) -> str:
        """Where `Publish` goes; the dead letters where there is no target (it is then never used)."""
        return stream(self.target or DEAD, partition)

    def dead_key(self, partition: Partition) -> str:
        """Where `Dead` goes."""
        return stream(DEAD, partition)


FETCH = Hop("fetch", PAGES)
ENRICH = Hop("enrich", RAW, ENRICHED)
INDEX = Hop("index", ENRICHED)
HOPS = (FETCH, ENRICH, INDEX)


def consumer_name() -> str:
    """Unique for each process that ever ran: host, pid, random; a reused name would inherit pending entries."""
    return f"{socket.gethostname()[:40]}-{os.getpid()}-{secrets.token_hex(4)}"

"""A cluster of three masters with a replica each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import redis
from redis.cluster import ClusterNode
from redis.cluster import RedisCluster as ClusterClient

from faults.rig.places import Place
from warta_local.processes.ports import LOOPBACK
from warta_local.redis_server import RedisCluster, RedisServer


@dataclass
class Cluster(Place):
    """Three masters with a replica each, 8 partitions; a push waits for a replica where `given` says so."""

    folder: Path
    partitions = 8
    given: Mapping[str, str] = field(default_factory=lambda: {"WARTA_REPLICAS_ACK": "1"})

    def start(self) -> None:
        self.cluster = RedisCluster(self.folder, masters=3, replicas=1)
        self.cluster.start()
        self.url = self.direct_url = ",".join(
            [self.cluster.url, *(f"{LOOPBACK}:{node.port}" for node in self.cluster.nodes[1:])]
        )

    def stop(self) -> None:
        self.cluster.stop()

    def version(self) -> str:
        return f"{self.cluster.nodes[0].engine.name}, cluster of 3+3"

    def admin(self) -> Any:
        nodes = [ClusterNode(LOOPBACK, node.port) for node in self.cluster.nodes]
        return ClusterClient(startup_nodes=nodes, socket_timeout=10)

    def masters(self) -> list[RedisServer]:
        """Those that have slots now."""
        return [node for node in self.cluster.nodes if _role(node) == "master"]

    def whole(self) -> bool:
        """Whether three masters with a replica each are in step."""
        roles = [_role(node) for node in self.cluster.nodes]
        return roles.count("master") == 3 and roles.count("slave") == 3


def _role(node: RedisServer) -> str:
    try:
        told = redis.Redis(port=node.port, socket_timeout=3).info("replication")
    except redis.RedisError:
        return "down"
    up = told["role"] == "master" or told.get("master_link_status") == "up"
    return str(told["role"]) if up else "behind"

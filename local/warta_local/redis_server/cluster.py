"""A real Redis Cluster of plain server processes on loopback ports."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from redis import Redis

from warta_local.errors import LocalError
from warta_local.processes.ports import LOOPBACK
from warta_local.redis_server.engine import EngineChoice
from warta_local.redis_server.server import RedisServer

SLOTS = 16_384
FORM_SECONDS = 30.0


class ClusterNotFormed(LocalError):
    """The nodes did not agree in time."""


class RedisCluster:
    """`masters` with an equal share of the slots each, and `replicas` of every master.

    Made anew in a folder that has no cluster yet. `nodes`: the masters first, then the replicas.
    """

    def __init__(
        self,
        data_dir: Path,
        masters: int = 3,
        replicas: int = 0,
        engine: EngineChoice = "auto",
        config: Mapping[str, str] | None = None,
    ) -> None:
        self.masters = masters
        self.nodes = [
            RedisServer(data_dir / f"node-{number}", engine=engine, config=config, cluster=True)
            for number in range(masters * (1 + replicas))
        ]

    @property
    def url(self) -> str:
        """`redis+cluster://127.0.0.1:PORT` of the first master."""
        return f"redis+cluster://{LOOPBACK}:{self.nodes[0].port}"

    def start(self) -> Self:
        """Start the nodes, join them, give out the slots; returns when every node says that all is well."""
        for node in self.nodes:
            if (node.data_dir / "nodes.conf").exists():
                raise ClusterNotFormed(f"{node.data_dir} already holds a cluster node: use an empty folder")
            node.start()
        with contextlib.ExitStack() as stack:
            clients = [stack.enter_context(Redis(port=node.port)) for node in self.nodes]
            self._join(clients)
            self._give_slots(clients[: self.masters])
            self._wait(clients, "known", lambda client: _knows(client, len(clients)))
            self._follow(clients)
            self._wait(clients, "ok", _is_well)
            self._wait(clients[self.masters :], "in step with their masters", _is_linked)
        return self

    def stop(self) -> None:
        """Stop every node."""
        for node in self.nodes:
            with contextlib.suppress(LocalError):
                node.stop()

    def __enter__(self) -> Self:
        try:
            return self.start()
        except BaseException:
            self.stop()
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _join(self, clients: list[Any]) -> None:
        """Distinct epochs first: nodes with equal ones would have to settle who owns what."""
        for epoch, client in enumerate(clients, start=1):
            client.execute_command("CLUSTER SET-CONFIG-EPOCH", epoch)
        first = self.nodes[0]
        for client in clients[1:]:
            client.execute_command("CLUSTER MEET", LOOPBACK, first.port, first.cluster_port)

    def _give_slots(self, masters: list[Any]) -> None:
        edges = [SLOTS * number // len(masters) for number in range(len(masters) + 1)]
        for client, start, end in zip(masters, edges, edges[1:], strict=False):
            client.execute_command("CLUSTER ADDSLOTSRANGE", start, end - 1)

    def _follow(self, clients: list[Any]) -> None:
        identities = [client.execute_command("CLUSTER MYID") for client in clients[: self.masters]]
        for number, client in enumerate(clients[self.masters :]):
            client.execute_command("CLUSTER REPLICATE", identities[number % self.masters])

    def _wait(self, clients: list[Any], what: str, reached: Callable[[Any], bool]) -> None:
        deadline = time.monotonic() + FORM_SECONDS
        while not all(reached(client) for client in clients):
            if time.monotonic() > deadline:
                raise ClusterNotFormed(f"not all nodes were {what} within {FORM_SECONDS:.0f} s")
            time.sleep(0.05)


def _information(client: Any) -> dict[str, str]:
    answer = client.execute_command("CLUSTER INFO")
    return answer if isinstance(answer, dict) else {}


def _knows(client: Any, nodes: int) -> bool:
    return _information(client).get("cluster_known_nodes") == str(nodes)


def _is_well(client: Any) -> bool:
    information = _information(client)
    return information.get("cluster_state") == "ok" and information.get("cluster_slots_ok") == str(SLOTS)


def _is_linked(replica: Any) -> bool:
    return bool(replica.info("replication").get("master_link_status") == "up")

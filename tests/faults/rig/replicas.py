"""Two servers: by hand, and with Sentinels that fail over by themselves."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import redis

from faults.rig.places import PASSWORD, USER, OneServer, Place
from waiting import eventually
from warta_local.processes.child import Child
from warta_local.processes.ports import LOOPBACK, free_port
from warta_local.redis_server import RedisServer


@dataclass
class WithReplica(OneServer):
    """Two servers, the second following the first; what leaves the system waits for both (WARTA_REPLICAS_ACK)."""

    given: Mapping[str, str] = field(default_factory=lambda: {"WARTA_REPLICAS_ACK": "1"})

    def start(self) -> None:
        super().start()
        self.servers = [self.server, self._follower(self.server)]

    def _follower(self, master: RedisServer) -> RedisServer:
        config = {
            **self.config,
            "masteruser": USER,
            "masterauth": PASSWORD,
            "replicaof": f"{LOOPBACK} {master.port}",
        }
        folder = self.folder.with_name(f"{self.folder.name}-{free_port()}")
        follower = RedisServer(
            folder, free_port(), self.engine, config, self.acl_file, credentials=(USER, PASSWORD)
        )
        follower.start()
        client = redis.Redis(port=follower.port, username=USER, password=PASSWORD)
        eventually(lambda: client.info("replication")["master_link_status"] == "up")
        return follower

    def fail_over(self) -> None:
        """The master dies; its replica takes its place, and a new one follows that."""
        master, follower = self.servers
        master.kill()
        time.sleep(0.3)
        redis.Redis(port=follower.port, username=USER, password=PASSWORD).execute_command("REPLICAOF NO ONE")
        self.server, self.proxy.target, self.direct_url = follower, follower.port, follower.url
        self.proxy.cut()
        self.servers = [follower, self._follower(follower)]

    def stop(self) -> None:
        for server in self.servers:
            server.stop()


@dataclass
class Sentinels(Place):
    """A master, a replica and three Sentinels that fail over by themselves."""

    folder: Path
    given: Mapping[str, str] = field(default_factory=lambda: {"WARTA_REPLICAS_ACK": "1"})

    def start(self) -> None:
        self.servers = [RedisServer(self.folder / "0", free_port())]
        self.servers[0].start()
        following = {"replicaof": f"{LOOPBACK} {self.servers[0].port}"}
        self.servers.append(RedisServer(self.folder / "1", free_port(), config=following))
        self.servers[1].start()
        self._sentinels = [self._sentinel(number, free_port()) for number in range(3)]
        hosts = ",".join(f"{LOOPBACK}:{port}" for port, _ in self._sentinels)
        self.url = self.direct_url = f"redis+sentinel://{hosts}/warta"
        self._settle()

    def _sentinel(self, number: int, port: int) -> tuple[int, Child]:
        folder = self.folder / f"sentinel-{number}"
        folder.mkdir(parents=True)
        path = folder / "sentinel.conf"
        path.write_text(
            f"port {port}\nbind {LOOPBACK}\ndir {folder}\n"
            f"sentinel monitor warta {LOOPBACK} {self.servers[0].port} 2\n"
            "sentinel down-after-milliseconds warta 1500\nsentinel failover-timeout warta 6000\n"
        )
        command = [self.servers[0].engine.program, path, "--sentinel"]
        return port, Child(command, log=folder / "log")

    def _settle(self) -> None:
        """Until every Sentinel knows the replica and the others: before that it fails over to nobody."""
        for port, _ in self._sentinels:
            client = redis.Redis(port=port, decode_responses=True)
            eventually(lambda client=client: _is_informed(client))

    def master_port(self) -> int:
        """Whom the Sentinels name."""
        client = redis.Redis(port=self._sentinels[0][0])
        return int(client.execute_command("SENTINEL GET-MASTER-ADDR-BY-NAME", "warta")[1])

    def kill_master(self) -> None:
        """SIGKILL, until another is named; the dead one comes back as a replica."""
        port = self.master_port()
        dead = next(server for server in self.servers if server.port == port)
        dead.kill()
        eventually(lambda: self.master_port() != port)
        dead.start()
        self._settle()

    def stop(self) -> None:
        for _, child in self._sentinels:
            child.kill()
        for server in self.servers:
            server.stop()

    def version(self) -> str:
        return f"{self.servers[0].engine.name}, 3 sentinels"

    def admin(self) -> Any:
        return redis.Redis(port=self.master_port(), socket_timeout=10)


def _is_informed(sentinel: Any) -> bool:
    told = sentinel.execute_command("SENTINEL MASTER", "warta")
    master = told if isinstance(told, dict) else dict(zip(told[::2], told[1::2], strict=True))
    slaves, others = int(master["num-slaves"]), int(master["num-other-sentinels"])
    return slaves >= 1 and others == 2 and "down" not in master["flags"]

"""Where the streams are: what every kind of place has, and the plainest: one server behind a proxy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import redis

from faults.rig.loop_thread import LoopThread
from faults.rig.tcp_proxy import TcpProxy
from warta_local.processes.ports import LOOPBACK, free_port
from warta_local.redis_server import RedisServer
from warta_local.redis_server.engine import EngineChoice

USER, PASSWORD = "faults", "of-the-trials"
ADMIN_LINE = f"user {USER} on >{PASSWORD} ~* &* +@all\n"


class Place:
    """`url` is what services are told, `direct_url` what the oracle uses; `acl` whether there are users."""

    acl = False
    partitions = 0
    given: Mapping[str, str] = {}
    url: str
    direct_url: str

    def start(self) -> None:
        """Start and wait."""
        raise NotImplementedError

    def stop(self) -> None:
        """Stop what was started."""
        raise NotImplementedError

    def version(self) -> str:
        """Which program."""
        raise NotImplementedError

    def admin(self) -> Any:
        """A client that may do everything."""
        raise NotImplementedError


@dataclass
class OneServer(Place):
    """One server behind a TCP proxy, with the users of `acl_file`; `config` as in redis.conf."""

    folder: Path
    thread: LoopThread
    acl_file: Path
    engine: EngineChoice = "auto"
    config: Mapping[str, str] = field(default_factory=dict)
    acl = True

    def start(self) -> None:
        self.server = RedisServer(
            self.folder,
            free_port(),
            self.engine,
            {"maxmemory": "512mb", **self.config},
            self.acl_file,
            credentials=(USER, PASSWORD),
        )
        self.server.start()
        self.proxy = TcpProxy(self.thread, self.server.port)
        self.url = f"redis://{LOOPBACK}:{self.proxy.port}"
        self.direct_url = self.server.url

    def stop(self) -> None:
        self.server.stop()

    def version(self) -> str:
        return self.server.engine.name

    def admin(self) -> Any:
        return redis.Redis(port=self.server.port, username=USER, password=PASSWORD, socket_timeout=10)

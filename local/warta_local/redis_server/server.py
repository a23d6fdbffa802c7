"""One real server in a folder, on a loopback port."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from warta_local.processes.child import Child, ProcessEnded, last_lines
from warta_local.processes.ports import LOOPBACK, free_port, require_free
from warta_local.processes.server_process import ServerProcess
from warta_local.redis_server.configuration import configuration
from warta_local.redis_server.engine import EngineChoice, find_engine
from warta_local.redis_server.probe import answers

START_SECONDS = 30.0
PORT_TRIES = 5
PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600


class RedisServer(ServerProcess):
    """Redis or Valkey, keeping its data in `data_dir` over kill and restart.

    `port`: 0 takes a free one and keeps it. `config`: directives of redis.conf that win over ours.
    `acl_file`: the users. `credentials`: user and password of the readiness check, needed to see the end of
    loading where `acl_file` switches the default user off. `cluster`: a cluster node without slots.
    """

    def __init__(
        self,
        data_dir: Path,
        port: int = 0,
        engine: EngineChoice = "auto",
        config: Mapping[str, str] | None = None,
        acl_file: Path | None = None,
        *,
        cluster: bool = False,
        credentials: tuple[str, str] | None = None,
        log: Path | None = None,
    ) -> None:
        super().__init__()
        self.data_dir = data_dir
        self.port = port
        self.engine = find_engine(engine)
        self.log = log or data_dir / "server.log"
        self._config = dict(config or {})
        self._acl_file = acl_file
        self._cluster = cluster
        self.cluster_port = 0
        self._credentials = credentials

    @property
    def url(self) -> str:
        """`redis://127.0.0.1:PORT`."""
        return f"redis://{LOOPBACK}:{self.port}"

    @property
    def pid(self) -> int:
        """The server's process."""
        return self._running().pid

    def start(self) -> Self:
        """Start and wait until commands are answered."""
        chosen = self.port
        for tries_left in reversed(range(PORT_TRIES)):
            self.port = chosen
            child = self.begin()
            try:
                self._wait(child)
                break
            except BaseException as error:
                child.kill()
                if chosen or not tries_left or not self._lost_port(error):
                    raise
        return self

    def begin(self) -> Child:
        """Start without waiting."""
        self._require_ended()
        self.data_dir.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        if self.port:
            require_free(self.port, "Redis")
        self.port = self.port or free_port()
        self._write()
        path = self.data_dir / "redis.conf"
        self._child = Child([self.engine.program, path.resolve()], log=self.log, cwd=self.data_dir)
        return self._child

    def ready(self) -> bool:
        """Whether commands are answered now."""
        return answers(self.port, self._credentials)

    def stop(self) -> None:
        """SIGTERM: the server writes its files and ends; nothing when it was never started."""
        if self._child:
            self._child.stop()

    def _write(self) -> None:
        self.cluster_port = self.cluster_port or (free_port() if self._cluster else 0)
        path = self.data_dir / "redis.conf"
        path.touch(PRIVATE_FILE)
        text = configuration(
            self.data_dir,
            self.port,
            acl_file=self._acl_file,
            cluster_port=self.cluster_port or None,
            more=self._config,
        )
        path.write_text(text, encoding="utf-8")

    def _lost_port(self, error: BaseException) -> bool:
        """Whether another process took the free port between our look and the server's."""
        return isinstance(error, ProcessEnded) and "in use" in last_lines(self.log)

    def _wait(self, child: Child) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self.ready():
            child.require_running(f"{self.engine.name} on port {self.port}")
            if time.monotonic() > deadline:
                raise ProcessEnded(
                    f"{self.engine.name} was not ready within {START_SECONDS:.0f} s; {self.log} says:\n"
                    f"{last_lines(self.log)}"
                )
            time.sleep(0.01)

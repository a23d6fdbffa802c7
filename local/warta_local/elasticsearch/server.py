"""One real server in a folder, on a loopback port."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Self

from rich.console import Console

from warta_local.elasticsearch.commands import environment, keep_password, server_command
from warta_local.elasticsearch.configuration import Layout, write_configuration
from warta_local.elasticsearch.distribution import Distribution, prepare
from warta_local.elasticsearch.health import USER, State, WrongPassword, ask
from warta_local.elasticsearch.place import PRIVATE_FOLDER, place, wipe
from warta_local.elasticsearch.room import DATA_MEGABYTES, require_disk, require_memory
from warta_local.processes.account import Account, account_for_servers
from warta_local.processes.child import Child, ProcessEnded, last_lines
from warta_local.processes.ports import LOOPBACK, free_port, require_free
from warta_local.processes.server_process import ServerProcess

START_SECONDS = 180.0
STOP_SECONDS = 60.0
# Passwords are refused for some seconds while the index of users is being recovered.
REFUSED_SECONDS = 30.0


class ElasticsearchServer(ServerProcess):
    """Elasticsearch with security on, keeping its data in `data_dir` over kill and restart.

    `port`: 0 takes a free one and keeps it. `password`: of the user `elastic`. `account`: who runs the server;
    us, or `nobody` where we are root. `log`: the file for what it prints.
    """

    def __init__(
        self,
        data_dir: Path,
        port: int = 0,
        *,
        password: str,
        heap_megabytes: int = 512,
        log: Path | None = None,
        account: Account | None = None,
        console: Console | None = None,
    ) -> None:
        super().__init__()
        self.data_dir = data_dir
        self.port = port
        self.password = password
        self.log = log
        self._heap = heap_megabytes
        self._account = account or account_for_servers()
        self._console = console or Console(stderr=True)
        self._layout: Layout | None = None

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT`."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def pid(self) -> int:
        """The server's own process (not its launcher's)."""
        if self._layout is None:
            raise RuntimeError("the server has not been started")
        return int(self._layout.pid_file.read_text(encoding="ascii"))

    def start(self) -> Self:
        """Start and wait until the cluster's health is yellow or green: about 10 s."""
        child = self.begin()
        try:
            self._wait(child)
        except BaseException:
            child.kill()
            raise
        return self

    def begin(self) -> Child:
        """Start without waiting."""
        self._require_ended()
        require_memory(self._heap)
        distribution = prepare(self._account, self._console)
        layout = Layout(place(self.data_dir, self._account))
        require_disk(layout.root, DATA_MEGABYTES, "Elasticsearch")
        if self.port:
            require_free(self.port, "Elasticsearch")
        self.port = self.port or free_port()
        self._write(layout, distribution)
        self._layout = layout
        self.log = self.log or layout.root / "server.log"
        self._child = Child(
            server_command(distribution, layout),
            log=self.log,
            env=environment(layout),
            cwd=distribution.home,
            account=self._account,
        )
        return self._child

    def ready(self) -> bool:
        """Whether the cluster's health is yellow or green now."""
        return self.state() is State.READY

    def state(self) -> State:
        """What the server says of itself now."""
        return ask(self.port, self.password)

    def stop(self) -> None:
        """SIGTERM: the server closes its indices and ends; nothing when it was never started."""
        if self._child:
            self._child.stop(STOP_SECONDS)

    def wipe(self) -> None:
        """Remove the files of a server that does not run."""
        wipe(self.data_dir)

    def _write(self, layout: Layout, distribution: Distribution) -> None:
        shutil.rmtree(layout.temporary, ignore_errors=True)
        layout.pid_file.unlink(missing_ok=True)
        for folder in layout.folders():
            folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
        write_configuration(layout, distribution, self.port, self._heap)
        self._account.own(layout.root)
        keep_password(distribution, layout, self.password, self._account)

    def _wait(self, child: Child) -> None:
        begun = time.monotonic()
        refused_since: float | None = None
        while (state := ask(self.port, self.password)) is not State.READY:
            child.require_running("Elasticsearch")
            now = time.monotonic()
            refused_since = (refused_since or now) if state is State.REFUSED else None
            if refused_since and now - refused_since > REFUSED_SECONDS:
                raise WrongPassword(f"{self.data_dir} was made with another password of the user {USER}")
            if now - begun > START_SECONDS:
                raise ProcessEnded(
                    f"Elasticsearch was not ready within {START_SECONDS:.0f} s; {child.log} says:\n"
                    f"{last_lines(child.log)}"
                )
            time.sleep(0.25)

"""The stack as an object: for `warta local up`, the demo and the tests."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from types import TracebackType
from typing import IO, Self

from rich.console import Console

from warta_local.elasticsearch.distribution import prepare
from warta_local.elasticsearch.room import DATA_MEGABYTES, require_disk, require_memory
from warta_local.errors import LocalError
from warta_local.processes.account import account_for_servers
from warta_local.processes.ports import LOOPBACK
from warta_local.stack.choices import Choices, choose
from warta_local.stack.client_env import client_variables, write_client_env
from warta_local.stack.folder import StackFolder
from warta_local.stack.index_setup import set_up_index
from warta_local.stack.occupancy import occupy
from warta_local.stack.options import StackOptions
from warta_local.stack.record import State, new_record, write_record
from warta_local.stack.servers import elasticsearch_program, redis_program
from warta_local.stack.services import SERVICES, service_program
from warta_local.supervisor import Look, NotReady, Supervisor
from warta_shared.secrets import write_secrets

log = logging.getLogger(__name__)

SERVERS_SECONDS = 240.0
SERVICES_SECONDS = 90.0


class StackFailed(LocalError):
    """The stack could not be started; the message says why."""


class LocalStack:
    """Redis, Elasticsearch and the three services in one folder, supervised until `stop`.

    `interrupted`: asked while starting; True gives up. After `start`, `warnings` tells what no waiting will
    mend although the stack runs; `looks` tells who is not ready.
    """

    def __init__(
        self,
        options: StackOptions,
        console: Console | None = None,
        interrupted: Callable[[], bool] = lambda: False,
    ) -> None:
        self.folder = StackFolder(options.folder)
        self.options = options
        self.warnings: list[str] = []
        self._console = console or Console(stderr=True)
        self._interrupted = interrupted
        self._supervisor = Supervisor(self._note, interrupted, options.longest_pause)
        self._state: State = "starting"
        self._started = time.time()
        self._choices: Choices | None = None
        self._lock: IO[str] | None = None

    @property
    def urls(self) -> dict[str, str]:
        """Where each process listens."""
        ports = self._choices.ports if self._choices else {}
        return {
            name: f"{'redis' if name == 'redis' else 'http'}://{LOOPBACK}:{port}"
            for name, port in ports.items()
        }

    def start(self) -> Self:
        """Everything, in order; returns when the services are ready, or have had their time."""
        self.folder.make()
        self._lock = occupy(self.folder)
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self, forced: Callable[[], bool] = lambda: False) -> None:
        """The services first (they finish what they have in hand), then the servers."""
        if self._lock is None:
            return
        self._state = "stopping"
        self._supervisor.stop(forced)
        self._state = "stopped"
        self._note(self._supervisor.looks())
        self._lock.close()
        self._lock = None

    def looks(self) -> list[Look]:
        """What is known of every process."""
        return self._supervisor.looks()

    def look(self, name: str) -> Look:
        """What is known of one process: redis, elasticsearch, ingest, enrich or index."""
        return self._supervisor.look(name)

    def client_variables(self) -> dict[str, str]:
        """The WARTA_* variables of a person's commands."""
        if self._choices is None:
            raise RuntimeError("the stack has not been started")
        return client_variables(self.folder, self._choices, self.options.environment)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _start(self) -> None:
        require_memory(self.options.heap_megabytes)
        require_disk(self.folder.root, DATA_MEGABYTES, "the stack")
        choices = self._choices = choose(self.folder, self.options)
        write_secrets(self.folder.secrets)
        prepare(account_for_servers(), self._console)
        self._say("starting Redis and Elasticsearch")
        servers = [
            redis_program(self.folder, choices),
            elasticsearch_program(self.folder, choices, self.options, self._console),
        ]
        self._supervisor.start_tier(servers, SERVERS_SECONDS)
        self._say("preparing the index")
        environment = self.options.environment
        if warning := set_up_index(self.folder, choices, environment, self._interrupted):
            self.warnings.append(warning)
        write_client_env(self.folder, self.client_variables())
        self._say("starting the services")
        services = [service_program(name, self.folder, choices, environment) for name in SERVICES]
        try:
            self._supervisor.start_tier(services, SERVICES_SECONDS, patient=True)
        except NotReady as late:
            # It may come right by itself: the record says what is missing as long as it is.
            log.warning("%s", late)
        self._state = "running"
        self._note(self._supervisor.looks())

    def _note(self, looks: list[Look]) -> None:
        record = new_record(self._state, self._started, self.urls, looks, self.warnings)
        write_record(self.folder.record, record)

    def _say(self, text: str) -> None:
        self._console.print(f"[dim]{text}[/dim]")

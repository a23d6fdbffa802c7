"""What every rig stands on: a folder with secrets, Elasticsearch with its set-up, and the proxies before it."""

from __future__ import annotations

import os
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from faults.rig.bulk_proxy import BulkProxy
from faults.rig.loop_thread import LoopThread
from faults.rig.nursery import Nursery
from faults.rig.places import ADMIN_LINE
from faults.rig.tcp_proxy import Line, TcpProxy
from warta_local.demo.run import HASTE
from warta_local.elasticsearch import ElasticsearchServer
from warta_local.processes.ports import free_port
from warta_local.stack.choices import NAMES, Choices
from warta_local.stack.folder import StackFolder
from warta_local.stack.index_setup import set_up_index
from warta_local.stack.services import service_variables
from warta_shared.secrets import write_secrets

PAGE = 1_000
# Short times so that failures show fast, and no limits that a trial is not about.
QUICK = {
    **HASTE,
    "WARTA_MIN_IDLE": "3",
    "WARTA_BATCH_TIMEOUT": "2.7",
    "WARTA_WRITE_DEADLINE": "2.2",
    "WARTA_MAX_DELIVERIES": "6",
    "WARTA_MAX_DEAD_LETTERS_PER_MINUTE": "5000",
    "WARTA_PUSH_ARTICLES_PER_MINUTE": "10000000",
    "WARTA_MAX_REVISIONS_PER_HOUR": "1000",
}


class Ground:
    """A context manager; Elasticsearch is `elasticsearch`, reached by services through `line` and then `bulk`.

    `running`: a server that runs already, and goes on. `cold`: services start from scratch, as they do in production.
    """

    def __init__(
        self, folder: Path, running: ElasticsearchServer | None = None, *, cold: bool = False
    ) -> None:
        self._running = running
        self.nursery = None if cold else Nursery()
        self.folder = StackFolder(folder)
        self.thread = LoopThread()
        self.armed = folder / "armed"

    def __enter__(self) -> Self:
        self.folder.make()
        self.armed.mkdir(exist_ok=True)
        write_secrets(self.folder.secrets)
        with self.acl_file.open("a") as file:
            file.write(ADMIN_LINE)
        self.elasticsearch = self._running or self._started()
        self.password = self.elasticsearch.password
        self._password_file.write_text(self.password)
        self.bulk = BulkProxy(self.thread, self.elasticsearch.port)
        self.line = TcpProxy(self.thread, self.bulk.port)
        self.set_up()
        return self

    def set_up(self) -> None:
        """Index, roles and keys, as `warta setup` makes them."""
        choices = self._choices(self.elasticsearch.port)
        warning = set_up_index(self.folder, choices, os.environ, lambda: False)
        assert not warning, warning

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.nursery:
            self.nursery.stop()
        self.bulk.stop()
        self.thread.stop()
        if not self._running:
            self.elasticsearch.stop()
            self.elasticsearch.wipe()

    def _started(self) -> ElasticsearchServer:
        password = (self.folder.secrets / "elasticsearch" / "elastic_password").read_text()
        log = self.folder.log("elasticsearch")
        server = ElasticsearchServer(self.folder.elasticsearch, free_port(), password=password, log=log)
        return server.start()

    @property
    def _password_file(self) -> Path:
        """What the set-up reads."""
        return self.folder.secrets / "setup" / "elastic_password"

    @property
    def acl_file(self) -> Path:
        """The users of Redis."""
        return self.folder.secrets / "redis" / "users.acl"

    @property
    def push_key(self) -> str:
        """The operator's."""
        return (self.folder.secrets / "operator" / "push_key").read_text().strip()

    def variables(self, service: str, port: int) -> dict[str, str]:
        """A service's environment, but for where Redis is."""
        choices = self._choices(self.line.port)
        choices.ports[service] = port
        given = service_variables(service, self.folder, choices, {**os.environ, **QUICK})
        return {**given, "FAULTS_ARMED": str(self.armed)}

    def ask(self, method: str, path: str, content: Any = None) -> httpx.Response:
        """Elasticsearch as its administrator, beside all proxies."""
        return httpx.request(
            method,
            self.elasticsearch.url + path,
            json=content,
            auth=("elastic", self.password),
            timeout=30,
            trust_env=False,
        )

    def documents(self, seed: int) -> list[dict[str, Any]]:
        """All documents of one ledger, after a refresh, however many."""
        self.ask("POST", "/articles/_refresh").raise_for_status()
        opened = self.ask("POST", "/articles/_pit?keep_alive=1m").raise_for_status().json()
        found: list[dict[str, Any]] = []
        # Not by `id`: two documents may have the same one.
        body: dict[str, Any] = {
            "size": PAGE,
            "sort": ["_shard_doc"],
            "query": {"term": {"extensions.seed": str(seed)}},
            "pit": {"id": opened["id"], "keep_alive": "1m"},
        }
        while True:
            hits = self.ask("POST", "/_search", body).raise_for_status().json()["hits"]["hits"]
            found += [hit["_source"] for hit in hits]
            if len(hits) < PAGE:
                self.ask("DELETE", "/_pit", {"id": opened["id"]}).raise_for_status()
                return found
            body["search_after"] = hits[-1]["sort"]

    def holds(self, identity: str) -> bool:
        """Whether there is a document, searchable or not yet."""
        try:
            return self.ask("GET", f"/articles/_doc/{identity}?_source=false").status_code == 200
        except httpx.HTTPError:
            return False

    def recovered(self, seconds: float = 60.0) -> None:
        """Wait until Elasticsearch is ready again."""
        ends = time.monotonic() + seconds
        while not self.elasticsearch.ready():
            assert time.monotonic() < ends, "Elasticsearch does not come back"
            time.sleep(0.2)

    def heal(self) -> None:
        """No trouble before Elasticsearch any more, whatever a trial left."""
        self.bulk.trouble = None
        self.line.lose_replies(0)
        self.line.make(Line.SOUND)
        for left in self.armed.iterdir():
            left.unlink(missing_ok=True)

    def _choices(self, elasticsearch_port: int) -> Choices:
        ports = dict.fromkeys(NAMES, 1) | {"elasticsearch": elasticsearch_port}
        return Choices(ports=ports, engine="redis")

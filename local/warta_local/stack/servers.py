"""Redis and Elasticsearch as programs of the stack."""

from __future__ import annotations

from rich.console import Console

from warta_local.elasticsearch.health import State
from warta_local.elasticsearch.server import STOP_SECONDS, ElasticsearchServer
from warta_local.redis_server import RedisServer
from warta_local.stack.choices import Choices
from warta_local.stack.folder import StackFolder
from warta_local.stack.options import StackOptions
from warta_local.supervisor import Program

# Beyond it producers are told to wait; nothing is dropped.
REDIS_MEMORY = "512mb"
HEALTH_USER = "health"
PROBLEMS = {
    State.DOWN: "does not listen yet",
    State.REFUSED: "refuses the password (for a moment: while the index of users is being recovered)",
    State.STARTING: "shards are missing",
    State.READY: "",
}


def redis_program(folder: StackFolder, choices: Choices) -> Program:
    """Redis with the users of the secrets' ACL file."""
    password = (folder.secrets / HEALTH_USER / "redis_password").read_text(encoding="utf-8")
    server = RedisServer(
        folder.redis,
        choices.ports["redis"],
        choices.engine,
        {"maxmemory": REDIS_MEMORY},
        folder.secrets / "redis" / "users.acl",
        credentials=(HEALTH_USER, password),
        log=folder.log("redis"),
    )
    return Program(
        "redis", server.port, server.begin, lambda: "" if server.ready() else "does not answer yet"
    )


def elasticsearch_program(
    folder: StackFolder, choices: Choices, options: StackOptions, console: Console
) -> Program:
    """Elasticsearch with the password of the secrets."""
    server = ElasticsearchServer(
        folder.elasticsearch,
        choices.ports["elasticsearch"],
        password=(folder.secrets / "elasticsearch" / "elastic_password").read_text(encoding="utf-8"),
        heap_megabytes=options.heap_megabytes,
        log=folder.log("elasticsearch"),
        console=console,
    )
    return Program("elasticsearch", server.port, server.begin, lambda: PROBLEMS[server.state()], STOP_SECONDS)

"""Ports and engine: chosen at the first start, kept for the next ones."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from warta_local.processes.ports import free_port, is_free, require_free
from warta_local.redis_server.engine import EngineChoice, find_engine
from warta_local.stack.folder import StackFolder
from warta_local.stack.options import StackOptions
from warta_local.stack.record import write_private

NAMES = ("redis", "elasticsearch", "ingest", "enrich", "index")


class Choices(BaseModel):
    """`ports` by process. `engine`: which kind of server the data is of; they do not read each other's."""

    model_config = ConfigDict(frozen=True)

    ports: dict[str, int]
    engine: Literal["redis", "valkey"]


def choose(folder: StackFolder, options: StackOptions) -> Choices:
    """Last time's choices where they still hold, new ones where not; written down."""
    earlier = _read(folder)
    ports = _ports(earlier.ports if earlier else {}, options.http_port)
    choices = Choices(ports=ports, engine=_engine(options.engine, earlier))
    write_private(folder.choices, choices.model_dump_json(indent=2))
    return choices


def _ports(earlier: dict[str, int], http_port: int) -> dict[str, int]:
    if http_port:
        require_free(http_port, "the push API")
    ports: dict[str, int] = {}
    for name in NAMES:
        port = http_port if name == "ingest" and http_port else earlier.get(name, 0)
        while not port or port in ports.values() or not is_free(port):
            port = free_port()
        ports[name] = port
    return ports


def _engine(asked: EngineChoice, earlier: Choices | None) -> Literal["redis", "valkey"]:
    if asked == "auto" and earlier:
        return earlier.engine
    if asked == "auto":
        return "valkey" if "valkey" in find_engine().name else "redis"
    return asked


def _read(folder: StackFolder) -> Choices | None:
    try:
        return Choices.model_validate_json(folder.choices.read_bytes())
    except (FileNotFoundError, ValidationError):
        return None

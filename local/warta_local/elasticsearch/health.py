"""Is it ready? Its own cluster health, asked directly (never through a proxy)."""

from __future__ import annotations

import base64
import http.client
import json
from enum import Enum
from typing import Any

from warta_local.errors import LocalError
from warta_local.processes.ports import LOOPBACK

TIMEOUT_SECONDS = 5.0
USER = "elastic"
PATH = (
    "/_cluster/health?level=indices&wait_for_status=yellow&timeout=1s"
    "&filter_path=indices.*.number_of_shards,indices.*.active_primary_shards"
)
# Made by the server itself moments after its first start; while its shard starts, every login is refused.
INDEX_OF_USERS = ".security-7"


class WrongPassword(LocalError):
    """The server answers, but not to this password."""


class State(Enum):
    """What the server said."""

    DOWN = "down"
    REFUSED = "refused"
    STARTING = "starting"
    READY = "ready"


def ask(port: int, password: str) -> State:
    """READY when all primary shards are there, also those of the index of users.

    Before that, a right password too may be REFUSED.
    """
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=TIMEOUT_SECONDS)
    token = base64.b64encode(f"{USER}:{password}".encode()).decode("ascii")
    try:
        connection.request("GET", PATH, headers={"Authorization": f"Basic {token}"})
        answer = connection.getresponse()
        body = answer.read()
    except (OSError, http.client.HTTPException):
        return State.DOWN
    finally:
        connection.close()
    if answer.status == http.client.UNAUTHORIZED:
        return State.REFUSED
    return State.READY if answer.status == http.client.OK and _is_whole(json.loads(body)) else State.STARTING


def _is_whole(health: dict[str, Any]) -> bool:
    """Status yellow is not enough: an index just made counts as yellow before its shards are there."""
    indices = health.get("indices", {})
    return INDEX_OF_USERS in indices and all(
        index["active_primary_shards"] == index["number_of_shards"] for index in indices.values()
    )

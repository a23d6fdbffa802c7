"""A writer's typing mistake must not become an index: no automatic creation for `articles*`."""

from __future__ import annotations

from warta_index.connection import Connection
from warta_index.schema.names import ALL_PATTERN
from warta_index.setup.part import change, fetch

SETTING = "action.auto_create_index"
RULE = f"-{ALL_PATTERN}"


class AutoCreate:
    """The cluster setting `action.auto_create_index`; rules of others in it are kept."""

    kind = "cluster setting"
    name = SETTING

    async def differences(self, connection: Connection) -> list[str]:
        """Whether an index named articles... would be created by a write."""
        value = await _current(connection)
        wanted = forbid(value)
        return [] if wanted == value else [f"wanted {wanted}, found {value}"]

    async def apply(self, connection: Connection) -> None:
        """Forbid it, for good."""
        wanted = forbid(await _current(connection))
        await change(connection, "PUT", "/_cluster/settings", {"persistent": {SETTING: wanted}})


def forbid(value: str) -> str:
    """The setting with our rule first: the first pattern that fits decides. `false` forbids all already."""
    if value == "false" or RULE in value.split(","):
        return value
    return f"{RULE},{'+*' if value == 'true' else value}"


async def _current(connection: Connection) -> str:
    answer = await fetch(connection, "/_cluster/settings?flat_settings=true")
    for scope in ("transient", "persistent"):
        if SETTING in answer[scope]:
            return str(answer[scope][SETTING])
    return "true"

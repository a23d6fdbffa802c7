"""The index that is written to, behind its two aliases."""

from __future__ import annotations

from typing import Any

from warta_index.connection import Connection
from warta_index.schema import FIRST_INDEX, READ_ALIAS, READ_FILTER, WRITE_ALIAS
from warta_index.schema.analysis import analysis
from warta_index.schema.mappings import mappings
from warta_index.schema.templates import index_settings
from warta_index.settings import SchemaSettings
from warta_index.setup.difference import differences
from warta_index.setup.part import MISSING, SetupError, change, fetch

DYNAMIC_SETTINGS = ("number_of_replicas", "refresh_interval", "highlight", "query")
"""What can change on a live index; the rest (shards, codec, analysis) takes a new one."""

Json = dict[str, Any]


class LiveIndex:
    """The index behind `articles-write`: `articles-v1` on the first run, later whatever a reindex left there."""

    kind = "index"

    def __init__(self, settings: SchemaSettings) -> None:
        self.name = WRITE_ALIAS
        self._settings = index_settings(settings)

    async def differences(self, connection: Connection) -> list[str]:
        """Aliases, mapping and settings."""
        index = await write_index(connection)
        if index is None:
            return [MISSING]
        held = (await fetch(connection, f"/{index}"))[index]
        wanted = self._settings | {"index": self._settings["index"] | {"analysis": analysis()}}
        found = differences(mappings(), held["mappings"], path="mappings")
        found += differences(wanted, held["settings"], extra=False, path="settings")
        return found + _alias_differences(held["aliases"])

    async def apply(self, connection: Connection) -> None:
        """Create it from the templates, or change in place what can be changed."""
        index = await write_index(connection)
        if index is None:
            await _create(connection)
            return
        await change(connection, "POST", "/_aliases", {"actions": [_read_alias(index)]})
        changeable = {key: self._settings["index"][key] for key in DYNAMIC_SETTINGS}
        await change(connection, "PUT", f"/{index}/_settings", {"index": changeable})
        await _extend_mapping(connection, index)


async def write_index(connection: Connection) -> str | None:
    """The name of the index behind the write alias; None when there is none yet."""
    answer = await fetch(connection, f"/_alias/{WRITE_ALIAS}")
    if not answer:
        return None
    indices = [str(name) for name in answer]
    marked = [name for name in indices if answer[name]["aliases"][WRITE_ALIAS].get("is_write_index")]
    if len(indices) > 1 and not marked:
        raise SetupError(
            f"alias {WRITE_ALIAS} has several indices ({', '.join(indices)}), none of them to write to"
        )
    return (marked or indices)[0]


def _alias_differences(aliases: Json) -> list[str]:
    """The alias that apps read: there, and with its filter."""
    if READ_ALIAS not in aliases:
        return [f"alias {READ_ALIAS}: missing"]
    return differences(READ_FILTER, aliases[READ_ALIAS].get("filter", {}), path=f"alias {READ_ALIAS}.filter")


def _read_alias(index: str) -> Json:
    return _add(index, READ_ALIAS, filter=READ_FILTER)


async def _create(connection: Connection) -> None:
    """An index that is there already, without its alias, is taken as it is."""
    if await fetch(connection, f"/{FIRST_INDEX}/_alias") is None:
        await change(connection, "PUT", f"/{FIRST_INDEX}")
    actions = [_read_alias(FIRST_INDEX), _add(FIRST_INDEX, WRITE_ALIAS, is_write_index=True)]
    await change(connection, "POST", "/_aliases", {"actions": actions})


async def _extend_mapping(connection: Connection, index: str) -> None:
    """New fields are added; what cannot be changed in place stays, and shows as a difference."""
    reply = await connection.ask("PUT", f"/{index}/_mapping", mappings())
    if not reply.ok and reply.status != 400:
        kind, explanation = reply.error()
        raise SetupError(f"could not extend the mapping of {index}: {kind}: {explanation}"[:1_000])


def _add(index: str, alias: str, **options: Any) -> Json:
    return {"add": {"index": index, "alias": alias, **options}}

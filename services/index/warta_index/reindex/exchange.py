"""Aliases of two indices changed at one instant: what serves and what is only written to as well."""

from __future__ import annotations

from typing import Any

from warta_index.connection import Connection
from warta_index.schema.names import MIRROR_ALIAS, READ_ALIAS, READ_FILTER, WRITE_ALIAS
from warta_index.setup.part import change


async def exchange(connection: Connection, serving: str, other: str) -> None:
    """`other` serves from now on, and `serving` goes on getting everything: the way back is open.

    Elasticsearch resolves the aliases of a request once, so that each document goes to both, before and after.
    """
    await _aliases(
        connection,
        _action("remove", serving, READ_ALIAS),
        _action("remove", serving, WRITE_ALIAS),
        _action("remove", other, MIRROR_ALIAS),
        _action("add", other, READ_ALIAS, filter=READ_FILTER),
        _action("add", other, WRITE_ALIAS, is_write_index=True),
        _action("add", serving, MIRROR_ALIAS),
    )


async def let_go(connection: Connection, other: str) -> None:
    """Nothing is written to `other` any more."""
    await _aliases(connection, _action("remove", other, MIRROR_ALIAS))


async def _aliases(connection: Connection, *actions: dict[str, Any]) -> None:
    await change(connection, "POST", "/_aliases", {"actions": list(actions)})


def _action(name: str, index: str, alias: str, **options: Any) -> dict[str, Any]:
    return {name: {"index": index, "alias": alias, **options}}
